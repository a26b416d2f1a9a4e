//! Finding the rule with wildcards that counts, in time that depends on the path and not on how many rules there are.

use crate::pattern::{Tail, Wild};

/// Rules with wildcards, by what stands before their first one, in a tree whose edges are pieces of text. On the way
/// down along a path each rule that may take it is met, the one that counts last.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    /// What the path must go on with.
    label: Box<[u8]>,
    /// The rules whose first wildcard stands here, the one that counts first, with their numbers.
    rules: Box<[(Tail, usize)]>,
    /// What follows, by its first byte, in order.
    children: Vec<(u8, usize)>,
}

/// Rules that begin alike and are still to be hung below a node.
struct Waiting<'a> {
    rules: &'a [(&'a Wild, usize)],
    /// How many bytes the way to the parent has.
    depth: usize,
    /// The parent, and the byte that leads from it.
    from: Option<(usize, u8)>,
}

impl Tree {
    /// Hangs up rules, each with its number.
    pub(crate) fn of(mut rules: Vec<(&Wild, usize)>) -> Self {
        rules.sort_by(|(one, _), (other, _)| {
            let heads = one.head().cmp(other.head());
            heads.then_with(|| one.rank().cmp(&other.rank()))
        });
        let mut tree = Self::default();
        let mut waiting = vec![Waiting {
            rules: &rules,
            depth: 0,
            from: None,
        }];
        while let Some(next) = waiting.pop() {
            tree.hang(&next, &mut waiting);
        }
        tree
    }

    /// The number of the rule that counts for a path.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let mut best = None;
        let mut node = self.nodes.first()?;
        let mut depth = 0;
        while let Some(rest) = path.as_bytes().get(depth..)?.strip_prefix(&*node.label) {
            depth += node.label.len();
            if !node.rules.is_empty() {
                // A head is text, so the path can be cut where it ends.
                let rest = path.get(depth..).unwrap_or_default();
                let first = node.rules.iter().find(|(tail, _)| tail.takes(rest));
                best = first.map(|(_, number)| *number).or(best);
            }
            let Some(child) = rest.first().and_then(|byte| node.child(*byte)) else {
                break;
            };
            node = self.nodes.get(child)?;
        }
        best
    }

    /// Makes one node of rules that begin alike, and leaves what is below it waiting.
    fn hang<'a>(&mut self, next: &Waiting<'a>, waiting: &mut Vec<Waiting<'a>>) {
        let (Some((first, _)), Some((last, _))) = (next.rules.first(), next.rules.last()) else {
            return;
        };
        // Sorted, so what the first and the last have in common, all have.
        let end = common(first.head(), last.head());
        let here = next.rules.partition_point(|(wild, _)| wild.head().len() == end);
        let (here, below) = next.rules.split_at_checked(here).unwrap_or((next.rules, &[]));
        let number = self.nodes.len();
        self.nodes.push(Node {
            label: first
                .head()
                .as_bytes()
                .get(next.depth..end)
                .unwrap_or_default()
                .into(),
            rules: here.iter().map(|(wild, rule)| (wild.tail(), *rule)).collect(),
            children: Vec::new(),
        });
        if let Some((parent, byte)) = next.from {
            self.adopt(parent, (byte, number));
        }
        let byte_of = |(wild, _): &(&Wild, usize)| wild.head().as_bytes().get(end).copied();
        for rules in below.chunk_by(|one, other| byte_of(one) == byte_of(other)) {
            let from = rules.first().and_then(byte_of).map(|byte| (number, byte));
            waiting.push(Waiting {
                rules,
                depth: end,
                from,
            });
        }
    }

    fn adopt(&mut self, parent: usize, child: (u8, usize)) {
        if let Some(parent) = self.nodes.get_mut(parent) {
            let place = parent.children.partition_point(|(byte, _)| *byte < child.0);
            parent.children.insert(place, child);
        }
    }
}

impl Node {
    fn child(&self, byte: u8) -> Option<usize> {
        let place = self
            .children
            .binary_search_by_key(&byte, |(byte, _)| *byte)
            .ok()?;
        self.children.get(place).map(|(_, node)| *node)
    }
}

fn common(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Pattern;

    fn check(rules: &[&str], path: &str, expected: Option<&str>) {
        let patterns: Vec<_> = rules.iter().map(|rule| Pattern::parse(rule).unwrap()).collect();
        let wilds = patterns
            .iter()
            .enumerate()
            .filter_map(|(number, pattern)| match pattern {
                Pattern::Wild(wild) => Some((wild, number)),
                Pattern::Exact(_) => None,
            });
        let found = Tree::of(wilds.collect()).find(path).map(|number| rules[number]);
        assert_eq!(found, expected, "{path} in {rules:?}");
    }

    #[test]
    fn the_longest_prefix_counts() {
        let rules = ["kv/*", "kv/a*", "kv/a/b/*", "kv/b*", "é*", "è*", "*"];
        check(&rules, "kv/x", Some("kv/*"));
        check(&rules, "kv/a", Some("kv/a*"));
        check(&rules, "kv/a/b", Some("kv/a*"));
        check(&rules, "kv/a/b/", Some("kv/a/b/*"));
        check(&rules, "k", Some("*"));
        check(&rules, "", Some("*"));
        check(&rules, "é", Some("é*"));
        check(&rules, "è/x", Some("è*"));
        check(&rules, "ê", Some("*"));
        check(&[], "a", None);
        check(&["kv/*"], "k", None);
    }

    #[test]
    fn a_later_wildcard_counts_more() {
        check(&["kv/a/*", "kv/+/b"], "kv/a/b", Some("kv/a/*"));
        check(&["kv/*", "+/a"], "kv/a", Some("kv/*"));
        check(&["*", "+/a"], "kv/a", Some("+/a"));
        check(&["kv/a/+", "kv/+/b"], "kv/a/b", Some("kv/a/+"));
    }

    #[test]
    fn at_the_same_place_the_more_exact_counts() {
        check(&["kv/*", "kv/+"], "kv/a", Some("kv/+"));
        check(&["kv/+/*", "kv/*"], "kv/a/b", Some("kv/*"));
        check(&["kv/+/+/c", "kv/+/b/c"], "kv/a/b/c", Some("kv/+/b/c"));
        check(&["kv/+/b*", "kv/+/bc*"], "kv/a/bcd", Some("kv/+/bc*"));
        check(&["kv/+/+/c", "kv/+/b/+"], "kv/a/b/c", Some("kv/+/b/+"));
    }

    #[test]
    fn a_rule_that_does_not_take_the_path_hides_no_other() {
        check(&["kv/a/+", "kv/*"], "kv/a/b/c", Some("kv/*"));
        check(&["kv/+/x", "kv/+/*"], "kv/a/b", Some("kv/+/*"));
    }
}
