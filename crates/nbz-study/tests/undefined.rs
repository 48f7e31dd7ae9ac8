//! Where no mBR can be: a pool in which all accuracies are equal. Oracle: the definition, by which a true rank is the
//! number of networks that are better; there is none. All comparisons are exact.
#![expect(clippy::float_cmp, reason = "the same accuracy, not a close one")]

use nbz_study::{
    Axis, Cost, Hybrid, Pool, RankScope, Recipe, Score, Statistic, StudyError, Undefined,
};

const MACS: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];

fn pool(accuracy: &[f64]) -> Result<Pool, StudyError> {
    let macs = &MACS[..accuracy.len()];
    Pool::new(accuracy)?.with_axis(Axis::even(Cost::new("macs", macs), 5)?)
}

#[test]
fn equal_accuracies_give_no_mbr_and_say_why() {
    let pool = pool(&[70.0; 8]).unwrap();
    assert_eq!(pool.mbr_undefined(), Some(Undefined::TiedAccuracies));
    let measures = pool.measures(&MACS).unwrap();
    assert_eq!(measures.mbr_undefined, Some(Undefined::TiedAccuracies));
    let mbr = measures.mbr.unwrap();
    for mean in [mbr.axes[0].mean, mbr.all] {
        assert!(
            [mean.mbr, mean.mbr_ties, mean.mbr_pool]
                .iter()
                .all(|m| m.is_nan())
        );
        assert!(!mean.tie_sensitive);
    }
    // What a search finds is known all the same.
    assert!(
        mbr.axes[0]
            .picks
            .iter()
            .all(|pick| pick.pick_acc_ties == 70.0)
    );
    let random = pool.random_choice();
    assert!(random.axes[0].mbr.is_nan() && random.mbr.is_none());
    assert_eq!(random.axes[0].found, [70.0; 5]);
}

#[test]
fn equal_accuracies_give_no_interval_no_difference_and_no_best_hybrid() {
    let pool = pool(&[70.0; 8]).unwrap();
    let (up, down) = (MACS, MACS.map(|m| -m));
    let scores = [Score::new("up", &up), Score::new("down", &down)];
    let recipe = Recipe { seed: 0, draws: 20 };
    let compared = pool.compare(&scores, recipe).unwrap();
    let mbr = Statistic::MbrTies("macs".to_owned());
    assert_eq!(compared.rows()[0].intervals.get(&mbr), None);
    assert_eq!(compared.difference("up", "down").unwrap().get(&mbr), None);
    let both: [&[f64]; 2] = [&up, &down];
    let search = pool.search_subsets(Hybrid::RankSum, &both).unwrap();
    assert!(
        search
            .results()
            .iter()
            .all(|r| r.mbr_all.is_nan() && r.mbr[0].is_nan())
    );
    let splits = pool.split_test_subsets(Hybrid::RankSum, &both, None, recipe);
    assert!(splits.unwrap().tests.is_empty());
    let vote = pool.hybrid_search(Hybrid::Vote, &both, RankScope::Global);
    assert!(vote.unwrap().unwrap().all.mbr_ties.is_nan());
}

#[test]
fn the_reason_stands_in_json_beside_the_null() {
    let tied = pool(&[70.0; 8]).unwrap().measures(&MACS).unwrap();
    let json = serde_json::to_value(&tied).unwrap();
    assert_eq!(json["mbr"]["macs"]["mbr_ties"], serde_json::Value::Null);
    assert_eq!(json["mbr_undefined"], "tied_accuracies");
    let plain = pool(&[70.0, 71.0]).unwrap().measures(&[1.0, 2.0]).unwrap();
    let json = serde_json::to_value(&plain).unwrap();
    assert_eq!(json.get("mbr_undefined"), None);
}

#[test]
fn one_network_is_its_own_best_and_two_accuracies_are_enough() {
    let one = pool(&[70.0]).unwrap();
    assert_eq!(one.mbr_undefined(), None);
    assert_eq!(one.measures(&[1.0]).unwrap().mbr.unwrap().all.mbr, 0.0);
    let two = pool(&[70.0, 70.0, 70.5]).unwrap();
    assert_eq!(two.mbr_undefined(), None);
    // -0 and 0 are one number.
    let zeros = pool(&[0.0, -0.0]).unwrap();
    assert_eq!(zeros.mbr_undefined(), Some(Undefined::TiedAccuracies));
}
