//! Cheap refusals, before anybody is asked anything.

use logical::{Error, Request};

use crate::house::House;

impl House {
    /// Lets a request in, or says why not. What is refused here is not recorded, as in Vault.
    pub(crate) fn admit(&self, mut request: Request) -> Result<Request, (String, Error)> {
        match self.refuse(&request) {
            Some(error) => Err((request.id, error)),
            None => {
                if request.operation.is_listing() {
                    request.path = request.path.as_folder();
                }
                Ok(request)
            }
        }
    }

    fn refuse(&self, request: &Request) -> Option<Error> {
        if !self.gate.is_open() {
            return Some(Error::sealed());
        }
        if !matches!(request.namespace.trim_matches('/'), "" | "root") {
            return Some(Error::new(
                logical::ErrorKind::NotFound,
                format!(
                    "namespace not found: {:?}; this server has the root namespace only",
                    request.namespace
                ),
            ));
        }
        if request.operation.is_write() && request.path.is_folder() {
            return Some(Error::invalid("cannot write to a path ending in '/'"));
        }
        None
    }
}
