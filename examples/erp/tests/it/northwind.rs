//! The whole company from its files: figures, repetition, interruption, death.

use std::path::PathBuf;
use std::time::Instant;

use codexion::core::{Actor, Application, Cx, Error};
use codexion::data::Work;
use codexion::DEVELOPMENT_TENANT;
use cortex_testing::TestApp;
use erp::import::{Figures, Northwind, NorthwindData, RoundingRule, Step};

use crate::imports::{data, everything};

/// The company's folder, where it is at hand.
fn folder(test: &str) -> Option<PathBuf> {
    data(test, "northwind")
}

fn work(app: &TestApp) -> Work {
    app.database().work(Cx::new(DEVELOPMENT_TENANT, Actor::system("test")))
}
#[test]
fn dbg_plans() {
    let Some(dir) = folder("x") else { return };
    let app = TestApp::new(everything);
    let data = NorthwindData::read(&dir).unwrap();
    let northwind = app.get::<Northwind>();
    let mut n = 0;
    let _ = northwind.import(&work(&app), &data, None, &mut |s: Step| {
        n += 1;
        if n == 30 { let seen = app.seen().statements; let mut m = std::collections::HashMap::new(); for s in seen { *m.entry(s).or_insert(0) += 1; }
          let mut v: Vec<_> = m.into_iter().collect(); v.sort_by_key(|x| -(x.1 as i64));
          let total: i32 = v.iter().map(|x| x.1).sum();
          println!("total {total}");
          for (s, c) in v { let l = s.len(); println!("{c}\t{l}\t{}", &s); }
          return Err(Error::refused("stop", "stop")); }
        if n == 29 { let _ = app.seen(); }
        let _ = s; Ok(())
    });
    let _ = (Instant::now(), RoundingRule::HalfUp, None::<Figures>, None::<Application>);
}
