//! The container: what is built, when, from what, and what the check says.

mod check;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cortex_core::{
    Actor, Application, Assembled, Binds, Bound, Clock, Cx, Error, FixedClock, Hooks, Id, Kind, Lifetime, Manifest,
    Module, Need, Provider, Registrar, Result, Timestamp,
};

/// A module out of a closure, so that a test shows only what it registers.
struct Part<F>(Manifest, F);

impl<F: Fn(&mut Registrar) + Send + Sync + 'static> Module for Part<F> {
    fn manifest(&self) -> Manifest {
        self.0
    }

    fn register(&self, m: &mut Registrar) {
        self.1(m);
    }
}

fn part(
    name: &'static str,
    register: impl Fn(&mut Registrar) + Send + Sync + 'static,
) -> Part<impl Fn(&mut Registrar) + Send + Sync + 'static> {
    Part(Manifest::new(name, "1.0.0"), register)
}

fn assemble(register: impl Fn(&mut Registrar) + Send + Sync + 'static) -> Result<Assembled> {
    Application::new().module(part("shop", register)).assemble()
}

#[track_caller]
fn built(register: impl Fn(&mut Registrar) + Send + Sync + 'static) -> Assembled {
    assemble(register).unwrap()
}

/// Checks the lines of the report that start with `- `.
#[track_caller]
fn refused(application: Application, expected: &[&str]) {
    let error = application.assemble().unwrap_err();
    let message = error.message().to_owned();
    let problems: Vec<_> = message.lines().filter_map(|line| line.strip_prefix("  - ")).collect();
    assert_eq!(problems, expected, "{error:?}");
    assert_eq!((error.kind(), error.code()), (Kind::Config, "container.graph"));
}

// Written by hand, as a derive would: two singletons and a trait object.

trait Mailer: Send + Sync {
    fn host(&self) -> String;
}

struct Smtp {
    host: String,
}

impl Provider for Smtp {
    const LIFETIME: Lifetime = Lifetime::Singleton;

    type Parts = ();

    fn build((): ()) -> Result<Self> {
        Ok(Self { host: "smtp".to_owned() })
    }

    fn bindings() -> Vec<Bound<Self>> {
        vec![Bound::to::<dyn Mailer>()]
    }
}

impl Mailer for Smtp {
    fn host(&self) -> String {
        self.host.clone()
    }
}

impl Binds<dyn Mailer> for Smtp {
    fn bind(this: Arc<Self>) -> Arc<dyn Mailer> {
        this
    }
}

struct Reminders {
    mailer: Arc<dyn Mailer>,
    clock: Option<Arc<FixedClock>>,
}

impl Provider for Reminders {
    const LIFETIME: Lifetime = Lifetime::Singleton;

    type Parts = (Arc<dyn Mailer>, Option<Arc<FixedClock>>);

    fn build((mailer, clock): Self::Parts) -> Result<Self> {
        Ok(Self { mailer, clock })
    }

    fn hooks() -> Hooks<Self> {
        Hooks::none()
    }
}

#[test]
fn singletons_are_shared_whatever_they_are_asked_for_as() {
    let app = built(|m| {
        m.provide::<Reminders>().provide::<Smtp>();
    });
    let (reminders, smtp) = (app.container().get::<Reminders>().unwrap(), app.container().get::<Smtp>().unwrap());
    assert_eq!(reminders.mailer.host(), "smtp");
    assert!(reminders.clock.is_none());
    let mailer = app.container().get::<dyn Mailer>().unwrap();
    assert!(std::ptr::addr_eq(Arc::as_ptr(&mailer), Arc::as_ptr(&smtp)));
    assert!(std::ptr::addr_eq(Arc::as_ptr(&reminders.mailer), Arc::as_ptr(&smtp)));
}

#[test]
fn an_optional_need_is_taken_where_it_is_provided() {
    let clock = Arc::new(FixedClock::new(Timestamp::UNIX_EPOCH));
    let app = built(move |m| {
        m.provide::<Reminders>().provide::<Smtp>().instance(Arc::clone(&clock));
    });
    assert!(app.container().get::<Reminders>().unwrap().clock.is_some());
}

#[test]
fn a_factory_takes_its_arguments_from_the_container() {
    let app = built(|m| {
        m.factory::<String, _>(|mailer: Arc<dyn Mailer>, none: Option<Arc<u64>>| {
            Ok(Arc::new(format!("{} {}", mailer.host(), none.is_none())))
        })
        .provide::<Smtp>();
    });
    assert_eq!(*app.container().get::<String>().unwrap(), "smtp true");
}

#[test]
fn what_constructors_refuse_is_reported_together() {
    let error = assemble(|m| {
        m.factory::<String, _>(|| Err(Error::unavailable("bank", "the bank is closed").with_help("come on Monday")))
            .factory::<u32, _>(|| Err(Error::unavailable("shop", "the shop is empty")))
            .factory::<u64, _>(|_: Arc<String>| Ok(Arc::new(1)));
    })
    .unwrap_err();
    assert_eq!(
        error.message(),
        "2 things are wrong\n  \
         - `String` of module `shop` cannot be built: the bank is closed\n    come on Monday\n  \
         - `u32` of module `shop` cannot be built: the shop is empty"
    );
    assert_eq!(error.kind(), Kind::Unavailable);
}

// Scoped.

static TICKETS: AtomicUsize = AtomicUsize::new(0);

struct Ticket(usize);

impl Provider for Ticket {
    const LIFETIME: Lifetime = Lifetime::Scoped;

    type Parts = ();

    fn build((): ()) -> Result<Self> {
        Ok(Self(TICKETS.fetch_add(1, Ordering::Relaxed)))
    }
}

struct Desk {
    ticket: Arc<Ticket>,
    mailer: Arc<dyn Mailer>,
    cx: Arc<Cx>,
}

impl Provider for Desk {
    const LIFETIME: Lifetime = Lifetime::Scoped;

    type Parts = (Arc<Ticket>, Arc<dyn Mailer>, Arc<Cx>);

    fn build((ticket, mailer, cx): Self::Parts) -> Result<Self> {
        Ok(Self { ticket, mailer, cx })
    }
}

fn desk(m: &mut Registrar) {
    m.provide::<Desk>().provide::<Ticket>().provide::<Smtp>();
}

fn cx() -> Arc<Cx> {
    Arc::new(Cx::new(Id::new(), Actor::system("tests")))
}

#[test]
fn a_scope_has_one_of_each_and_another_scope_has_its_own() {
    let app = built(desk);
    let (one, two) = (app.container().scope(), app.container().scope());
    one.supply(cx()).unwrap();
    let desk = one.get::<Desk>().unwrap();
    assert!(Arc::ptr_eq(&desk, &one.get::<Desk>().unwrap()));
    assert!(Arc::ptr_eq(&desk.ticket, &one.get::<Ticket>().unwrap()));
    assert!(Arc::ptr_eq(&desk.cx, &one.get::<Cx>().unwrap()));
    assert_ne!(desk.ticket.0, two.get::<Ticket>().unwrap().0);
    assert_eq!(desk.mailer.host(), "smtp");
}

#[test]
fn handles_and_slots_find_the_same_values() {
    let app = built(desk);
    let scope = app.container().scope();
    let mailer = app.container().handle::<dyn Mailer>().unwrap();
    let ticket = app.container().handle::<Ticket>().unwrap();
    assert!(mailer.singleton().is_some() && ticket.singleton().is_none());
    let slots =
        app.container().slots(&[Need::of::<Ticket>(), Need::of::<dyn Mailer>(), Need::optional::<u8>()]).unwrap();
    assert!(slots.need_scope());
    let mut from = scope.resolver(&slots);
    assert!(Arc::ptr_eq(&from.take::<Arc<Ticket>>().unwrap(), &ticket.get(&scope).unwrap()));
    assert_eq!(from.take::<Arc<dyn Mailer>>().unwrap().host(), mailer.get(&scope).unwrap().host());
    assert!(from.take::<Option<Arc<u8>>>().unwrap().is_none());
    assert_eq!(from.take::<Arc<Ticket>>().err().map(|error| error.code()), Some("container.out_of_order"));
}

#[test]
fn a_scope_with_many_values_keeps_them_apart() {
    let app = built(|m| {
        m.scoped_factory::<u8, _>(|| Ok(Arc::new(1)))
            .scoped_factory::<u16, _>(|small: Arc<u8>| Ok(Arc::new(u16::from(*small) + 1)))
            .scoped_factory::<u32, _>(|small: Arc<u16>| Ok(Arc::new(u32::from(*small) + 1)))
            .scoped_factory::<u64, _>(|small: Arc<u32>| Ok(Arc::new(u64::from(*small) + 1)))
            .scoped_factory::<u128, _>(|small: Arc<u64>| Ok(Arc::new(u128::from(*small) + 1)))
            .scoped_factory::<String, _>(|small: Arc<u128>| Ok(Arc::new(small.to_string())));
    });
    let scope = app.container().scope();
    assert_eq!(*scope.get::<String>().unwrap(), "5");
    assert_eq!(*scope.get::<u16>().unwrap(), 2);
}

#[test]
fn what_is_taken_wrongly_at_run_time_says_so() {
    let app = built(desk);
    let code = |error: Option<Error>| error.map(|error| error.code());
    let container = app.container();
    assert_eq!(code(container.get::<Ticket>().err()), Some("container.no_scope"));
    assert_eq!(code(container.get::<u8>().err()), Some("container.not_provided"));
    assert_eq!(code(container.handle::<u8>().err()), Some("container.not_provided"));
    assert_eq!(code(container.slots(&[Need::of::<u8>()]).err()), Some("container.not_provided"));
    let scope = container.scope();
    assert_eq!(code(scope.get::<Desk>().err()), Some("container.not_supplied"));
    assert_eq!(code(scope.supply(Arc::new(1_u8)).err()), Some("container.supply"));
    scope.supply(cx()).unwrap();
    assert_eq!(code(scope.supply(cx()).err()), Some("container.supply"));
    assert!(scope.get::<Desk>().is_ok());
}

// Replaced and decorated.

struct Fake;

impl Mailer for Fake {
    fn host(&self) -> String {
        "fake".to_owned()
    }
}

impl Provider for Fake {
    const LIFETIME: Lifetime = Lifetime::Singleton;

    type Parts = ();

    fn build((): ()) -> Result<Self> {
        Ok(Self)
    }
}

impl Binds<dyn Mailer> for Fake {
    fn bind(this: Arc<Self>) -> Arc<dyn Mailer> {
        this
    }
}

struct Wrapped(Arc<dyn Mailer>, &'static str);

impl Mailer for Wrapped {
    fn host(&self) -> String {
        format!("{}({})", self.1, self.0.host())
    }
}

impl Provider for Wrapped {
    const LIFETIME: Lifetime = Lifetime::Singleton;

    type Parts = (Arc<dyn Mailer>,);

    fn build((inner,): Self::Parts) -> Result<Self> {
        Ok(Self(inner, "provider"))
    }
}

impl Binds<dyn Mailer> for Wrapped {
    fn bind(this: Arc<Self>) -> Arc<dyn Mailer> {
        this
    }
}

fn host(app: &Assembled) -> String {
    app.container().get::<dyn Mailer>().unwrap().host()
}

#[test]
fn a_later_module_replaces_and_decorates() {
    let app = Application::new()
        .module(part("a", |m| {
            m.provide::<Smtp>();
        }))
        .module(part("b", |m| {
            m.replace::<dyn Mailer, Fake>();
        }))
        .module(part("c", |m| {
            m.decorate::<dyn Mailer>(|inner| Arc::new(Wrapped(inner, "closure"))).decorate_by::<dyn Mailer, Wrapped>();
        }))
        .assemble()
        .unwrap();
    assert_eq!(host(&app), "provider(closure(fake))");
    assert_eq!(app.container().get::<Fake>().unwrap().host(), "fake");
    let changes: Vec<_> = app.overrides().iter().map(ToString::to_string).collect();
    assert_eq!(
        changes,
        [
            "`dyn Mailer` of `a` replaced by `b`",
            "`dyn Mailer` of `b` decorated by `c`",
            "`dyn Mailer` of `c` decorated by `c`"
        ]
    );
}

#[test]
fn what_is_replaced_is_not_built() {
    // The real one needs something that a test does not have.
    struct Real;
    impl Provider for Real {
        const LIFETIME: Lifetime = Lifetime::Singleton;

        type Parts = (Arc<std::net::TcpStream>,);

        fn build(_: Self::Parts) -> Result<Self> {
            Err(Error::unavailable("network", "no network in tests"))
        }

        fn bindings() -> Vec<Bound<Self>> {
            vec![Bound::to::<dyn Mailer>()]
        }
    }
    impl Mailer for Real {
        fn host(&self) -> String {
            "real".to_owned()
        }
    }
    impl Binds<dyn Mailer> for Real {
        fn bind(this: Arc<Self>) -> Arc<dyn Mailer> {
            this
        }
    }

    let fake = |m: &mut Registrar| {
        m.replace_instance::<dyn Mailer>(Arc::new(Fake));
    };
    let real = || {
        Application::new().module(part("mail", |m| {
            m.provide::<Real>();
        }))
    };
    refused(real(), &["Real needs TcpStream, which no module provides"]);
    let app = real().overrides(fake).assemble().unwrap();
    assert_eq!(host(&app), "fake");
    assert_eq!(app.overrides()[0].to_string(), "`dyn Mailer` of `mail` replaced by `overrides`");
}

#[test]
fn tests_have_the_last_word() {
    let clock = Arc::new(FixedClock::new(Timestamp::UNIX_EPOCH));
    let own = Arc::clone(&clock);
    let app = Application::new()
        .module(part("zeta", |m| {
            m.replace::<dyn Mailer, Fake>();
        }))
        .module(part("mail", |m| {
            m.provide::<Smtp>();
        }))
        .overrides(move |m| {
            m.replace_instance::<dyn Clock>(own).replace_instance::<dyn Mailer>(Arc::new(Smtp { host: "test".into() }));
        })
        .assemble()
        .unwrap();
    assert_eq!(host(&app), "test");
    assert_eq!(app.container().get::<dyn Clock>().unwrap().now(), clock.now());
}

#[test]
fn a_decorator_lives_as_long_as_what_it_wraps() {
    let app = built(|m| {
        m.scoped_factory::<String, _>(|| Ok(Arc::new("a".to_owned())))
            .decorate::<String>(|inner| Arc::new(format!("{inner}b")));
    });
    assert_eq!(*app.container().scope().get::<String>().unwrap(), "ab");
    assert_eq!(app.container().get::<String>().err().map(|error| error.code()), Some("container.no_scope"));
}

#[test]
fn a_derived_provider_may_have_many_parts() {
    macro_rules! many {
        ($($name:ident),*) => {
            #[derive(Provider)]
            #[provider(singleton, crate = cortex_core)]
            struct Many {
                $($name: Arc<u8>,)*
                #[provider(default)]
                count: usize,
            }
            impl Many {
                fn sum(&self) -> usize {
                    self.count $(+ usize::from(*self.$name))*
                }
            }
        };
    }
    many!(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);

    #[derive(Provider)]
    #[provider(singleton, crate = cortex_core)]
    struct Pair(Arc<Many>, Option<Arc<String>>);

    let app = built(|m| {
        m.provide::<Pair>().provide::<Many>().instance(Arc::new(2_u8));
    });
    let pair = app.container().get::<Pair>().unwrap();
    assert_eq!((pair.0.sum(), pair.1.is_none()), (30, true));
}
