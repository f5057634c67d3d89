impl ::codexion::__private::core::Provider for Yard {
    const LIFETIME: ::codexion::__private::core::Lifetime = ::codexion::__private::core::Lifetime::Singleton;
    type Parts = (Arc<dyn Clock>, Option<Arc<Mailer>>);
    fn build((clock, mailer): Self::Parts) -> ::codexion::__private::core::Result<Self> {
        ::core::result::Result::Ok(Self {
            clock: clock,
            mailer: mailer,
            sold: <AtomicU64 as ::core::default::Default>::default(),
        })
    }
    fn bindings() -> ::std::vec::Vec<::codexion::__private::core::Bound<Self>> {
        ::std::vec![::codexion::__private::core::Bound::to:: < dyn Dealer > ()]
    }
    fn hooks() -> ::codexion::__private::core::Hooks<Self> {
        ::codexion::__private::core::Hooks::<Self>::none()
            .init(|this| ::std::boxed::Box::pin(async move {
                let done: ::codexion::__private::core::Result<()> = this.init().await;
                done
            }))
    }
}
impl ::codexion::__private::core::Binds<dyn Dealer> for Yard {
    fn bind(this: ::std::sync::Arc<Self>) -> ::std::sync::Arc<dyn Dealer> {
        this
    }
}
