//! Names below a folder, and below its folders, and so on.

use logical::{Key, Page, Result, Storage};

/// The paths of the values below a folder, relative to it and sorted. Stops early once there are `most` of them.
pub(crate) async fn walk(storage: &dyn Storage, folder: &Key, most: usize) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut folders = vec![String::new()];
    let page = Page {
        after: None,
        limit: Some(most),
    };
    while let Some(path) = folders.pop() {
        for name in storage.list(&folder.clone().folder(&path), &page).await? {
            let path = format!("{path}{name}");
            if name.ends_with('/') {
                folders.push(path);
            } else {
                paths.push(path);
            }
        }
        if paths.len() >= most {
            break;
        }
    }
    paths.truncate(most);
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use logical::Batch;
    use logical::testing::Memory;

    #[tokio::test]
    async fn a_walk_finds_every_value_once() {
        let memory = Memory::default();
        let mut batch = Batch::new();
        for path in ["b/x", "a", "a/b", "a/c/d"] {
            batch.mark(Key::of("d").path(path));
        }
        memory.apply(batch).unwrap();
        let all = walk(&memory, &Key::of("d"), usize::MAX).await.unwrap();
        assert_eq!(all, ["a", "a/b", "a/c/d", "b/x"]);
        assert_eq!(
            walk(&memory, &Key::of("d").name("a"), 9).await.unwrap(),
            ["b", "c/d"]
        );
        assert_eq!(walk(&memory, &Key::of("d"), 2).await.unwrap().len(), 2);
        assert!(walk(&memory, &Key::of("none"), 9).await.unwrap().is_empty());
    }
}
