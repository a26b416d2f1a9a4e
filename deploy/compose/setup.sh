#!/bin/sh
# Sets the main job up with the command line, and ends with a database login. Does no harm when it runs again.
#
# Needs VAULT_ADDR, POSTGRES_ADDRESS, POSTGRES_USER, POSTGRES_PASSWORD, and KEYS: a file for the share and the root token.
set -eu
umask 077

say() { printf '\n# %s\n' "$*"; }

# Status is 0 when unsealed, 2 when sealed or new.
initialized() { strongroom status -format=json | grep -q '"initialized": true'; }
sealed() { strongroom status -format=json | grep -q '"sealed": true'; }

if ! initialized; then
  say "initialise; the keys go to $KEYS"
  strongroom operator init -key-shares=1 -key-threshold=1 >"$KEYS.new"
  mv "$KEYS.new" "$KEYS"
fi
if sealed; then
  say "unseal"
  strongroom operator unseal "$(sed -n 's/^Unseal Key 1: //p' "$KEYS")"
fi
VAULT_TOKEN=$(sed -n 's/^Initial Root Token: //p' "$KEYS")
export VAULT_TOKEN

if ! strongroom secrets list | grep -q '^secret/'; then
  say "a secret"
  strongroom secrets enable -path=secret -version=2 kv
fi
strongroom kv put -mount=secret api-service/config api_key=k-123

if ! strongroom secrets list | grep -q '^database/'; then
  say "a database"
  strongroom secrets enable database
fi
strongroom write database/config/postgres plugin_name=postgresql-database-plugin allowed_roles="api-role" \
  connection_url="postgresql://{{username}}:{{password}}@$POSTGRES_ADDRESS/${POSTGRES_DB:-production}?sslmode=disable" \
  username="$POSTGRES_USER" password="$POSTGRES_PASSWORD"
strongroom write database/roles/api-role db_name=postgres \
  creation_statements="CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{{name}}\";" \
  default_ttl="1h" max_ttl="24h"

say "a policy, and a token that has it and nothing else"
strongroom policy write api-service - <<'POLICY'
path "secret/data/api-service/*" { capabilities = ["read"] }
path "database/creds/api-role"   { capabilities = ["read"] }
POLICY
# There is no Kubernetes here to log in with; `cargo xtask demo` has one.
VAULT_TOKEN=$(strongroom token create -policy=api-service -ttl=1h -field=token)
export VAULT_TOKEN

say "what the service sees: its secret, and a database login of its own for one hour"
strongroom kv get -mount=secret api-service/config
strongroom read database/creds/api-role
