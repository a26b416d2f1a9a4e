//! Finding the rule with wildcards that counts, in time that depends on the path and hardly on how many rules there are.

use crate::pattern::Wild;
use smallvec::SmallVec;

/// Rules with wildcards, in a tree whose edges are pieces of text and plus signs. A path is followed along every edge
/// that takes it; of the rules that are met where they end, the heaviest counts.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    /// What the path must go on with to get here.
    label: SmallVec<[u8; 16]>,
    /// The first bytes of what follows.
    bytes: SmallVec<[u8; 16]>,
    /// What follows, in the same order. Apart from the bytes, which are searched in one go.
    children: SmallVec<[usize; 2]>,
    /// What follows after any whole segment.
    plus: Option<usize>,
    /// The rule that takes a path that ends here.
    closed: Option<Met>,
    /// The rule that takes a path that gets here.
    open: Option<Met>,
}

/// A rule, by its weight among all rules, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    weight: usize,
    number: usize,
}

impl Tree {
    /// Hangs up rules, each with its number.
    pub(crate) fn of(mut rules: Vec<(&Wild, usize)>) -> Self {
        rules.sort_by_cached_key(|(wild, _)| wild.weight());
        let mut tree = Self {
            nodes: vec![Node::default()],
        };
        for (weight, (wild, number)) in rules.into_iter().enumerate() {
            tree.hang(wild, Met { weight, number });
        }
        tree
    }

    /// The number of the rule that counts for a path.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let path = path.as_bytes();
        let mut best = None;
        // Each node is reached by one way only, so there are never more steps than nodes.
        let mut starts: SmallVec<[(usize, usize); 8]> = SmallVec::new();
        starts.push((0, 0));
        while let Some((mut number, mut depth)) = starts.pop() {
            while let Some((node, rest)) = self.enter(number, path.get(depth..).unwrap_or_default()) {
                depth = path.len() - rest.len();
                best = best.max(node.open);
                if let Some(plus) = node.plus {
                    let segment = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
                    starts.push((plus, depth + segment));
                }
                let Some(byte) = rest.first() else {
                    best = best.max(node.closed);
                    break;
                };
                let Some(child) = node.child(*byte) else {
                    break;
                };
                number = child;
            }
        }
        best.map(|met| met.number)
    }

    /// A node and what is left of a path after its label, if the path goes on with that.
    fn enter<'a>(&self, number: usize, path: &'a [u8]) -> Option<(&Node, &'a [u8])> {
        let node = self.nodes.get(number)?;
        Some((node, path.strip_prefix(&*node.label)?))
    }

    fn hang(&mut self, wild: &Wild, met: Met) {
        let mut at = 0;
        for piece in wild.pieces() {
            at = match piece {
                Some(text) => self.grow(at, text.as_bytes()),
                None => self.grow_plus(at),
            };
        }
        if let Some(node) = self.nodes.get_mut(at) {
            if wild.is_open() {
                node.open = Some(met);
            } else {
                node.closed = Some(met);
            }
        }
    }

    /// The node below another that a text leads to, made if it is not there.
    fn grow(&mut self, mut at: usize, mut text: &[u8]) -> usize {
        while let Some(byte) = text.first().copied() {
            let Some(child) = self.nodes.get(at).and_then(|node| node.child(byte)) else {
                let label = text.into();
                return self.add(
                    at,
                    byte,
                    Node {
                        label,
                        ..Node::default()
                    },
                );
            };
            let common = self.split(child, text);
            at = child;
            text = text.get(common..).unwrap_or_default();
        }
        at
    }

    fn grow_plus(&mut self, at: usize) -> usize {
        let new = self.nodes.len();
        let plus = match self.nodes.get_mut(at) {
            Some(node) => *node.plus.get_or_insert(new),
            None => new,
        };
        if plus == new {
            self.nodes.push(Node::default());
        }
        plus
    }

    /// Cuts a node's label where a text parts from it; what follows the cut moves into a new child. Returns how much
    /// both have in common.
    fn split(&mut self, number: usize, text: &[u8]) -> usize {
        let Some(node) = self.nodes.get_mut(number) else {
            return text.len();
        };
        let common = node.label.iter().zip(text).take_while(|(a, b)| a == b).count();
        let Some((left, right)) = node.label.split_at_checked(common) else {
            return common;
        };
        if let Some(byte) = right.first().copied() {
            let (left, right) = (left.into(), right.into());
            let mut below = std::mem::take(node);
            node.label = left;
            below.label = right;
            self.add(number, byte, below);
        }
        common
    }

    fn add(&mut self, parent: usize, byte: u8, node: Node) -> usize {
        let number = self.nodes.len();
        self.nodes.push(node);
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.bytes.push(byte);
            parent.children.push(number);
        }
        number
    }
}

impl Node {
    fn child(&self, byte: u8) -> Option<usize> {
        let place = self.bytes.iter().position(|other| *other == byte)?;
        self.children.get(place).copied()
    }
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
            .map(|(number, pattern)| match pattern {
                Pattern::Wild(wild) => (wild, number),
                Pattern::Exact(text) => panic!("{text} is exact"),
            });
        let found = Tree::of(wilds.collect()).find(path).map(|number| rules[number]);
        assert_eq!(found, expected, "{path} in {rules:?}");
    }

    fn check_one(rule: &str, path: &str, taken: bool) {
        check(&[rule], path, taken.then_some(rule));
    }

    #[test]
    fn a_star_at_the_end_takes_whatever_follows() {
        check_one("kv/a*", "kv/a", true);
        check_one("kv/a*", "kv/ab/c", true);
        check_one("kv/a/*", "kv/a", false);
        check_one("*", "", true);
        check_one("kv/a**", "kv/ab", false);
        check_one("kv/a**", "kv/a*b", true);
    }

    #[test]
    fn a_plus_takes_one_segment_even_an_empty_one() {
        check_one("kv/+", "kv/a", true);
        check_one("kv/+", "kv/", true);
        check_one("kv/+", "kv", false);
        check_one("kv/+", "kv/a/", false);
        check_one("kv/+/b", "kv/a/b", true);
        check_one("+/+", "kv/a/b", false);
        check_one("kv/+/b*", "kv/a/bc/d", true);
        check_one("kv/+/*", "kv/a", false);
        check_one("kv/+/*", "kv/a/", true);
        check_one("+/*", "kv", false);
        check_one("kv/+/", "kv/a", false);
    }

    #[test]
    fn a_plus_beside_letters_is_a_letter() {
        check_one("kv/a+/+", "kv/a+/b", true);
        check_one("kv/a+/+", "kv/ab/b", false);
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

    #[test]
    fn a_path_of_many_segments_is_followed_to_its_end() {
        let rule = "+/".repeat(4_000) + "x";
        check_one(&rule, &("a/".repeat(4_000) + "x"), true);
        check_one(&rule, &"a/".repeat(4_000), false);
    }
}
