impl ::codexion::__private::core::Event for VehicleSold {
    const NAME: &'static str = "fleet.vehicle_sold";
    const VERSION: u32 = 1;
    const ABOUT: &'static str = "A vehicle was sold, to whoever paid most.";
    fn aggregate(&self) -> ::core::option::Option<::std::string::String> {
        ::core::option::Option::Some(::std::string::ToString::to_string(&self.vehicle))
    }
}
