//! What the check of the whole graph finds, and how it says so.

use super::*;

struct Cached(#[expect(dead_code, reason = "only its need matters")] Arc<Ticket>);

impl Provider for Cached {
    const LIFETIME: Lifetime = Lifetime::Singleton;

    type Parts = (Arc<Ticket>,);

    fn build((ticket,): Self::Parts) -> Result<Self> {
        Ok(Self(ticket))
    }
}

#[test]
fn missing_is_reported_with_the_path_that_needs_it() {
    refused(
        Application::new().module(part("shop", |m| {
            m.provide::<Reminders>().need("POST /remind", [Need::of::<Reminders>(), Need::of::<u8>()]);
        })),
        &[
            "POST /remind needs u8, which no module provides",
            "POST /remind needs Reminders -> dyn Mailer, which no module provides",
        ],
    );
}

#[test]
fn a_ring_is_reported_once() {
    refused(
        Application::new().module(part("shop", |m| {
            m.factory::<u8, _>(|_: Arc<u16>| Ok(Arc::new(1)))
                .factory::<u16, _>(|_: Arc<u32>| Ok(Arc::new(1)))
                .factory::<u32, _>(|_: Arc<u8>| Ok(Arc::new(1)));
        })),
        &["u8 needs u16 -> u32 -> u8, which is a cycle"],
    );
}

#[test]
fn a_singleton_cannot_keep_what_is_scoped() {
    refused(
        Application::new().module(part("shop", |m| {
            m.provide::<Cached>().provide::<Ticket>().need("GET /ticket", [Need::of::<Cached>()]);
        })),
        &["GET /ticket needs Cached -> Ticket, but a singleton cannot keep what lives for one request"],
    );
}

#[test]
fn the_same_twice_and_two_for_one_trait_are_told_apart() {
    struct Other;
    impl Mailer for Other {
        fn host(&self) -> String {
            "other".to_owned()
        }
    }
    refused(
        Application::new()
            .module(part("mail", |m| {
                m.provide::<Smtp>().instance(Arc::new(1_u8));
            }))
            .module(part("shop", |m| {
                m.instance::<dyn Mailer>(Arc::new(Other)).instance(Arc::new(2_u8));
            })),
        &[
            "`dyn Mailer` is bound to `Smtp` of module `mail` and to `dyn Mailer` of module `shop`",
            "`u8` is provided by module `mail` and by module `shop`",
        ],
    );
}

#[test]
fn two_modules_that_replace_must_say_who_is_later() {
    let mail = || {
        part("mail", |m| {
            m.provide::<Smtp>();
        })
    };
    let replace = |m: &mut Registrar| {
        m.replace::<dyn Mailer, Fake>();
    };
    refused(
        Application::new().module(mail()).module(part("shop", replace)).module(part("web-shop", replace)),
        &["`dyn Mailer` is bound to `Fake` of module `shop` and to `Fake` of module `web-shop`"],
    );
    const NEEDS: &[cortex_core::ModuleNeed] = &[cortex_core::ModuleNeed::new("shop", "*")];
    let later = Part(Manifest::new("web-shop", "1.0.0").needs(NEEDS), replace);
    let app = Application::new().module(mail()).module(part("shop", replace)).module(later).assemble();
    assert_eq!(host(&app.unwrap()), "fake");
}

#[test]
fn what_is_changed_must_be_there() {
    refused(
        Application::new().module(part("shop", |m| {
            m.replace::<dyn Mailer, Fake>().decorate::<u8>(|inner| inner);
        })),
        &[
            "module `shop` replaces `dyn Mailer`, which no module provides",
            "module `shop` decorates `u8`, which no module provides",
        ],
    );
    refused(
        Application::new().module(part("shop", |m| {
            m.provide::<Smtp>().decorate_by::<dyn Mailer, Fake>();
        })),
        &["`Fake` of module `shop` decorates `dyn Mailer` but does not take it"],
    );
}

#[test]
fn everything_is_reported_together_with_what_to_do() {
    let error = assemble(|m| {
        m.provide::<Cached>()
            .provide::<Ticket>()
            .provide::<Ticket>()
            .factory::<u8, _>(|_: Arc<u8>| Ok(Arc::new(1)))
            .need("job `Close`", [Need::of::<dyn Mailer>()]);
    })
    .unwrap_err();
    assert_eq!(
        error.message(),
        "the modules do not fit together in 4 places\n  \
         - `Ticket` is provided by module `shop` and by module `shop`\n    \
         register it in one module only; the others declare that module a need\n  \
         - job `Close` needs dyn Mailer, which no module provides\n    \
         provide `dyn Mailer` in module `shop` or in one that it needs, or ask for an `Option<Arc<dyn Mailer>>`\n  \
         - Cached needs Ticket, but a singleton cannot keep what lives for one request\n    \
         make `Cached` scoped, or pass the value as an argument of its methods\n  \
         - u8 needs u8, which is a cycle\n    \
         split one of them, so that the shared part is a third provider"
    );
}
