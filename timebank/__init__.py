"""时间银行: service is offered, arranged, confirmed, and becomes hours."""
