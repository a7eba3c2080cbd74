#!/bin/sh
# Makes the two roles of docs/production.md, once, when the database is created: one that owns the tables, and one for the
# service, which can neither change the tables nor rewrite the history.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner="$OWNER_PASSWORD" --set service="$SERVICE_PASSWORD" <<'SQL'
CREATE ROLE modelgate_owner LOGIN PASSWORD :'owner';
CREATE ROLE modelgate LOGIN PASSWORD :'service';
ALTER DATABASE modelgate OWNER TO modelgate_owner;
GRANT ALL ON SCHEMA public TO modelgate_owner;
SQL
