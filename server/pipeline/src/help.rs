//! `?help=1` on any path: what it is for, from the path tables alone.

use logical::table::{Manifest, Matched, RouteFacts};
use logical::{Body, Fields, Response, Shape};
use serde_json::json;
use server_mounts::Mount;
use std::fmt::Write;
use std::sync::Arc;

use crate::openapi;

/// The answer to a question for help: about one path, or about the whole mount where the path is none of its.
pub(crate) fn answer(request_id: &str, mount: &Arc<Mount>, matched: Option<&Matched>) -> Response {
    let manifest = mount.mounted.plugin().manifest();
    let route = matched.and_then(|matched| manifest.routes.get(matched.route));
    let text = match route {
        Some(route) => of_route(mount, route),
        None => of_mount(manifest),
    };
    let members = json!({
        "help": text,
        "see_also": null,
        "openapi": openapi::document(std::slice::from_ref(mount)),
    });
    let mut response = Response::new(request_id, 200, Body::Data(Some(Fields::of(members))));
    response.shape = Shape::Bare;
    response
}

fn of_route(mount: &Mount, route: &RouteFacts) -> String {
    let mut text = format!("Request:        {}{}\n", mount.entry.path, route.pattern.as_str());
    for operation in &route.operations {
        let _ = write!(
            text,
            "\n## {}\n\n    {}\n",
            operation.operation.as_str().to_uppercase(),
            operation.summary
        );
        let schema = operation
            .schema
            .as_ref()
            .and_then(|schema| schema.get("properties")?.as_object());
        for (name, field) in schema.into_iter().flatten() {
            let kind = field
                .get("type")
                .and_then(|kind| kind.as_str())
                .unwrap_or("string");
            let about = field
                .get("description")
                .and_then(|about| about.as_str())
                .unwrap_or("");
            let _ = write!(
                text,
                "\n    {name} ({kind})\n\n        {}\n",
                about.replace('\n', " ")
            );
        }
    }
    text
}

fn of_mount(manifest: &Manifest) -> String {
    let mut text = format!(
        "## DESCRIPTION\n\n{}\n\n## PATHS\n\nThe following paths are supported by this backend. To view help for\nany of the paths below, use the help command with any route matching\nthe path pattern.\n",
        manifest.summary
    );
    for route in &manifest.routes {
        let about = route.operations.first().map_or("", |operation| operation.summary);
        let _ = write!(text, "\n    {}\n        {about}\n", route.pattern.as_str());
    }
    text
}
