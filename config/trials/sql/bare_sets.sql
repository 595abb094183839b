SELECT bare.post_batch(%s::jsonb)
