//! `sys/wrapping/*`: looking at a wrapped answer, taking it out, putting it away anew.
//!
//! These paths have no access of their own: whoever brings a wrapping token as the request's token needs nothing else,
//! and whoever names one in the body needs a policy that allows the path. The handler tells the two apart.

use logical::secret::SecretText;
use logical::{
    Access, Batch, Body, Call, Cx, Done, Error, ErrorKind, Fields, Operation, Reply, Result, Table,
};
use serde_json::{Value, json};
use server_pipeline::WrappedRecord;
use server_policy::Question;
use server_tokens::Known;

use crate::Sys;

const INVALID: &str = "wrapping token is not valid or does not exist";

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("wrapping/wrap", Access::Token, |r| {
            r.on_call(
                Operation::Update,
                "Put data away, to be taken out once.",
                |_, cx, call| async move { wrap(&cx, call) },
            );
        })
        .route("wrapping/unwrap", Access::Public, |r| {
            r.on_call(
                Operation::Update,
                "Take a wrapped answer out, once.",
                |sys, cx, call| async move { unwrap(&sys, &cx, &call).await },
            );
        })
        .route("wrapping/rewrap", Access::Public, |r| {
            r.never_wrapped();
            r.on_call(
                Operation::Update,
                "Put a wrapped answer away anew.",
                |sys, cx, call| async move { rewrap(&sys, &cx, &call).await },
            );
        })
        .route("wrapping/lookup", Access::Public, |r| {
            r.never_wrapped();
            r.on_call(
                Operation::Update,
                "Read where a wrapped answer comes from.",
                |sys, cx, call| async move { look_up(&sys, &cx, &call).await },
            )
            .on_call(
                Operation::Read,
                "Read where a wrapped answer comes from.",
                |sys, cx, call| async move { look_up(&sys, &cx, &call).await },
            );
        })
}

/// The corridor does the work: it wraps whatever is answered.
fn wrap(cx: &Cx, call: Call) -> Result<Done> {
    if cx.request.wrap_ttl.is_none() {
        return Err(Error::invalid("endpoint requires response wrapping to be used"));
    }
    Ok(Done::reply(Reply::Data(call.data)))
}

async fn unwrap(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let (known, record) = wrapped(sys, cx, call).await?;
    let batch = taken(sys, &known)?;
    Ok(Sys::answer(record.answer.response(&cx.request.id)).commit(batch))
}

async fn rewrap(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let (known, record) = wrapped(sys, cx, call).await?;
    let record = WrappedRecord {
        created: sys.house.now(),
        ..record
    };
    let accessor = record.answer.accessor().to_owned();
    let (info, batch) = sys
        .house
        .put_away(&record, accessor, known.token.origin.clone())
        .await?;
    let mut response = Sys::response("", None);
    response.body = Body::Data(None);
    response.wrap_info = Some(Box::new(info));
    Ok(Sys::answer(response).commit(taken(sys, &known)?).commit(batch))
}

async fn look_up(sys: &Sys, cx: &Cx, call: &Call) -> Result<Done> {
    let (_, record) = wrapped(sys, cx, call).await?;
    Ok(Done::data(json!({
        "creation_path": record.path,
        "creation_time": record.created.to_string(),
        "creation_ttl": record.ttl.as_secs(),
    })))
}

/// The wrapping token that is meant, and what it leads to.
async fn wrapped(sys: &Sys, cx: &Cx, call: &Call) -> Result<(Known, WrappedRecord)> {
    let named = named(call)?;
    let own = match cx.caller.accessor {
        Some(accessor) => sys.house.rooms.tokens.living(accessor, sys.house.now()).await?,
        None => None,
    };
    let known = match named {
        None => match own {
            Some(known) => Some(known),
            None if !cx.request.sent_token => {
                return Err(Error::new(
                    ErrorKind::Denied,
                    "error validating wrapping token: token is empty",
                ));
            }
            None => None,
        },
        Some(token) => {
            allowed(sys, cx, call).await?;
            sys.house.rooms.tokens.identify(&token, sys.house.now()).await?
        }
    };
    let known = known.filter(is_wrapping).ok_or_else(|| Error::invalid(INVALID))?;
    let accessor = known.accessor.ok_or_else(|| Error::invalid(INVALID))?;
    let row = cx
        .storage
        .get(&WrappedRecord::key(accessor))
        .await?
        .ok_or_else(|| Error::invalid(INVALID))?;
    Ok((known, row.json()?))
}

/// The token in the body, if there is one.
fn named(call: &Call) -> Result<Option<SecretText>> {
    let refused = |why: &str| {
        Error::new(
            ErrorKind::Denied,
            format!("error validating wrapping token: {why}"),
        )
    };
    match call.data.get("token") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(token)) if token.is_empty() => Err(refused("empty token in request body")),
        Some(Value::String(token)) => Ok(Some(SecretText::from(token.as_str()))),
        Some(_) => Err(refused("could not decode token in request body")),
    }
}

/// Whether the caller's policies allow this path, as they must where the token is in the body.
async fn allowed(sys: &Sys, cx: &Cx, call: &Call) -> Result<()> {
    if cx.caller.token_type.is_none() {
        return Err(Error::denied());
    }
    let acl = sys.house.rooms.policies.acl(&cx.caller, sys.house.now()).await?;
    let path = format!("sys/{}", call.path);
    let question = Question {
        path: &path,
        operation: Operation::Update,
        data: &Fields::new(),
        wrap_ttl: None,
        now: sys.house.now(),
    };
    server_policy::authorize(&acl, &question, Access::Token)
        .map(drop)
        .map_err(|_| Error::denied())
}

fn is_wrapping(known: &Known) -> bool {
    known
        .token
        .policies
        .iter()
        .any(|policy| policy == "response-wrapping")
}

/// The batch that makes a wrapping token and its answer go: of a hundred at once, one wins.
fn taken(sys: &Sys, known: &Known) -> Result<Batch> {
    let accessor = known.accessor.ok_or_else(|| Error::invalid(INVALID))?;
    Ok(sys.house.bury(accessor, known))
}
