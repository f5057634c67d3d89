//! `doctor`: is everything there that this application needs?

use cortex_core::{Actor, Assembled, Cx, Error, Health, HealthKind, Id, Result};
use cortex_data::{Database, Meta, MigrationState, Migrator, check_schema};

use super::run::print;

pub(super) async fn doctor(assembled: &Assembled, db: &Database) -> Result<()> {
    let mut wrong = 0;
    let mut say = |ok: bool, what: &str| {
        wrong += usize::from(!ok);
        print(&format!("{} {what}\n", if ok { "ok  " } else { "FAIL" }));
    };
    // An application with a wrong configuration or graph does not come this far.
    say(true, &format!("configuration and modules ({})", assembled.modules().iter().count()));

    let migrator = Migrator::of(db, assembled.modules(), assembled.contributions());
    match migrator.off_thread(Migrator::status).await {
        Err(error) => say(false, &format!("database: {error:?}")),
        Ok(all) => {
            say(true, &format!("database ({:?})", db.backend()));
            let pending = all.iter().filter(|m| m.state == MigrationState::Pending).count();
            say(pending == 0, &format!("migrations ({} of {} applied)", all.len() - pending, all.len()));
            if pending == 0 {
                tables(assembled, db, &mut say).await?;
            }
        }
    }
    let health = assembled.container().get::<Health>()?;
    let report = health.run(HealthKind::Startup).await;
    say(report.is_usable(), &report.summary().unwrap_or_else(|| "health".to_owned()));
    if wrong == 0 {
        return Ok(());
    }
    Err(Error::unavailable("app.doctor", format!("{wrong} checks failed")).with_help("mend what is marked with FAIL"))
}

async fn tables(assembled: &Assembled, db: &Database, say: &mut impl FnMut(bool, &str)) -> Result<()> {
    let entities: Vec<&'static Meta> = assembled.contributions().of::<&'static Meta>().map(|(_, meta)| *meta).collect();
    let count = entities.len();
    let work = db.work(Cx::new(Id::new(), Actor::system("doctor")));
    let problems = work.read(move |tx| check_schema(tx, &entities)).await?;
    say(problems.is_empty(), &format!("tables of {count} entities"));
    for problem in problems {
        print(&format!("     {problem}\n"));
    }
    Ok(())
}
