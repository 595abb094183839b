-- A ledger that forgets its keys: every request is new to it, and what is asked twice moves twice.
-- Only `bank_test --broken no-idempotency` installs this, to see that its checker notices.

CREATE FUNCTION ledger.forget_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.key := left(NEW.key, 100) || ' ' || gen_random_uuid();
    RETURN NEW;
END
$$;
GRANT EXECUTE ON FUNCTION ledger.forget_key TO PUBLIC;

CREATE TRIGGER keys_are_forgotten BEFORE INSERT ON ledger.idempotency_key
    FOR EACH ROW EXECUTE FUNCTION ledger.forget_key();
