# What every token may do for itself. Operators may change this policy; a new server starts with it.

# The token: see it, extend it, end it, ask what it may do.
path "auth/token/lookup-self" {
  capabilities = ["read"]
}
path "auth/token/renew-self" {
  capabilities = ["update"]
}
path "auth/token/revoke-self" {
  capabilities = ["update"]
}
path "sys/capabilities-self" {
  capabilities = ["update"]
}
path "sys/internal/ui/resultant-acl" {
  capabilities = ["read"]
}

# The entity behind the token, by its id and by its name.
path "identity/entity/id/{{identity.entity.id}}" {
  capabilities = ["read"]
}
path "identity/entity/name/{{identity.entity.name}}" {
  capabilities = ["read"]
}

# A place of its own, which dies with the token.
path "cubbyhole/*" {
  capabilities = ["create", "delete", "list", "read", "update"]
}

# Leases, for whoever knows their ids.
path "sys/leases/lookup" {
  capabilities = ["update"]
}
path "sys/leases/renew" {
  capabilities = ["update"]
}

# Wrapping, and unwrapping what somebody handed over.
path "sys/wrapping/lookup" {
  capabilities = ["update"]
}
path "sys/wrapping/unwrap" {
  capabilities = ["update"]
}
path "sys/wrapping/wrap" {
  capabilities = ["update"]
}

# Hashing of data that is sent along.
path "sys/tools/hash" {
  capabilities = ["update"]
}
path "sys/tools/hash/*" {
  capabilities = ["update"]
}

# Logging in to applications that ask this server who somebody is.
path "identity/oidc/provider/+/authorize" {
  capabilities = ["read", "update"]
}
