# What a token that carries a wrapped answer may do: fetch it, once, the new way or the old one.
path "sys/wrapping/unwrap" {
  capabilities = ["update"]
}
path "cubbyhole/response" {
  capabilities = ["create", "read"]
}
