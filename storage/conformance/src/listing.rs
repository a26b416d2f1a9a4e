//! Laws of listing: the next segments below a prefix.

use crate::draft::{Draft, key};
use logical::{Backend, Child, Result, StoredKey};
use std::sync::Arc;

/// A listing names what lies directly below, once, in stored order: shorter segments come first.
pub async fn children_see_the_next_segment_only(store: Arc<dyn Backend>) -> Result<()> {
    let paths = ["f", "f/b", "f/a/1/x", "f/a/2", "f/aa", "g/c", "fb/d"];
    let draft = paths
        .iter()
        .fold(Draft::new(), |draft, path| draft.put(path, "v"));
    draft.commit(&*store).await?;
    let found = store.children(&key("f"), None, 10).await?;
    assert_eq!(found, [folder("a"), leaf("b"), leaf("aa")]);
    let roots = store.children(&StoredKey::root(), None, 10).await?;
    assert_eq!(roots, [both("f"), folder("g"), folder("fb")]);
    assert!(store.children(&key("nothing"), None, 10).await?.is_empty());
    Ok(())
}

/// A row and a folder of the same name are one child that is both.
pub async fn a_child_can_be_leaf_and_folder(store: Arc<dyn Backend>) -> Result<()> {
    let draft = Draft::new().put("f/a", "v").put("f/a/b", "v").put("f/c", "v");
    draft.commit(&*store).await?;
    let found = store.children(&key("f"), None, 10).await?;
    assert_eq!(found, [both("a"), leaf("c")]);
    Draft::new().delete("f/a").commit(&*store).await?;
    let found = store.children(&key("f"), None, 10).await?;
    assert_eq!(found, [folder("a"), leaf("c")]);
    Ok(())
}

/// Pages of every size, each behind the last segment of the one before, together are the whole listing.
pub async fn children_come_in_pages(store: Arc<dyn Backend>) -> Result<()> {
    let mut draft = Draft::new().put("e/z", "").put("g/a", "");
    for n in 0..25 {
        draft = draft.put(&format!("f/{n}"), "").put(&format!("f/{n}/deep"), "");
    }
    draft.commit(&*store).await?;
    let whole = store.children(&key("f"), None, usize::MAX).await?;
    assert_eq!(whole.len(), 25);
    for size in [1, 2, 7, 25, 26] {
        let mut paged: Vec<Child> = Vec::new();
        loop {
            let after = paged.last().map(|child| child.segment.clone());
            let page = store.children(&key("f"), after.as_deref(), size).await?;
            assert!(page.len() <= size);
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, whole, "pages of {size}");
    }
    assert!(store.children(&key("f"), None, 0).await?.is_empty());
    Ok(())
}

/// A page begins behind a segment whether or not something of that name is still there.
pub async fn a_page_begins_behind_a_segment_that_is_gone(store: Arc<dyn Backend>) -> Result<()> {
    let draft = Draft::new().put("f/a", "").put("f/b/x", "").put("f/c", "");
    draft.commit(&*store).await?;
    Draft::new().delete("f/b/x").commit(&*store).await?;
    let found = store.children(&key("f"), Some(b"b"), 10).await?;
    assert_eq!(found, [leaf("c")]);
    assert!(store.children(&key("f"), Some(b"zz"), 10).await?.is_empty());
    Ok(())
}

fn leaf(name: &str) -> Child {
    Child {
        segment: name.as_bytes().to_vec(),
        leaf: true,
        folder: false,
    }
}

fn folder(name: &str) -> Child {
    Child {
        leaf: false,
        folder: true,
        ..leaf(name)
    }
}

fn both(name: &str) -> Child {
    Child {
        folder: true,
        ..leaf(name)
    }
}
