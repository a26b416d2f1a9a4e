storage "file" {
  path = "/data/store"
}

listener "tcp" {
  address     = "0.0.0.0:8200"
  tls_disable = true # for trying on one machine only
}

audit "file" "log" {
  options = {
    file_path = "/data/audit.log"
  }
}
