//! Makes a test of every law.

/// Makes a test of every law, on the stores that `open` answers: `async fn open() -> (Arc<dyn Backend>, Kept)`.
#[macro_export]
macro_rules! laws {
    ($open:path) => {
        $crate::each_law! { $open:
            what_was_committed_is_read
            an_empty_value_is_no_absence
            any_bytes_are_kept
            ranges_are_ordered_and_half_open
            a_range_ends_at_its_limit
            a_range_the_wrong_way_round_is_empty
            a_batch_is_all_or_nothing
            an_unmet_expectation_changes_nothing
            a_batch_is_checked_before_it_writes
            revisions_grow
            created_survives_overwrites
            a_row_made_again_is_a_new_one
            the_last_write_of_a_key_counts
            deleting_what_is_not_there_is_no_error
            a_batch_that_only_expects_makes_no_revision
            children_see_the_next_segment_only
            a_child_can_be_leaf_and_folder
            children_come_in_pages
            a_page_begins_behind_a_segment_that_is_gone
            a_watch_misses_nothing
            a_watch_begins_after_its_revision
            a_refused_batch_is_not_told
            of_many_writers_with_one_expectation_one_wins
            no_update_is_lost
            a_reader_sees_whole_batches
            what_is_acknowledged_is_seen_at_once
            a_random_history_reads_like_its_model
            a_transfer_is_whole_wherever_it_fails
        }
    };
}

/// Makes a test of every law of durability, on a [`Place`](crate::Place) that `place()` answers.
#[macro_export]
macro_rules! reopening_laws {
    ($place:path) => {
        $crate::each_reopening_law! { $place:
            what_was_committed_survives_reopening
            revisions_go_on_after_reopening
            a_watch_from_before_reopening_has_no_hole
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! each_law {
    ($open:path: $($law:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $law() {
                let (store, _kept) = $open().await;
                $crate::laws::$law(store).await.unwrap();
            }
        )*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! each_reopening_law {
    ($place:path: $($law:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $law() {
                $crate::laws::$law(&$place()).await.unwrap();
            }
        )*
    };
}
