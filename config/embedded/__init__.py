"""A database server and a broker of our own, for one machine: demo, development, tests.

Production brings its own servers through `DATABASE_URL` and `BROKER_URL`; nothing here runs then.
What lives here knows neither Django's settings nor the apps: a data folder in, servers out.
"""
