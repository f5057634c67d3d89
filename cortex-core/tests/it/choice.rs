//! Closed sets of names: one text everywhere.

use cortex_core::{Choice, Error, Kind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = cortex_core, core_only)]
enum OrderState {
    Draft,
    InDelivery,
    #[choice(name = "done")]
    Completed,
}

#[test]
fn text_and_value_are_one_to_one() {
    assert_eq!(OrderState::ALL, [OrderState::Draft, OrderState::InDelivery, OrderState::Completed]);
    assert_eq!(OrderState::NAMES, ["draft", "in_delivery", "done"]);
    for (value, name) in OrderState::ALL.iter().zip(OrderState::NAMES) {
        assert_eq!(value.as_str(), *name);
        assert_eq!(value.to_string(), *name);
        assert_eq!(OrderState::parse(name), Some(*value));
        assert_eq!(name.parse(), Ok(*value));
        let json = serde_json::to_value(value).unwrap();
        assert_eq!(json, *name);
        assert_eq!(serde_json::from_value::<OrderState>(json).unwrap(), *value);
    }
    assert_eq!(format!("[{:>6}]", OrderState::Draft), "[ draft]");
}

#[test]
fn an_unknown_text_is_refused_with_the_accepted_ones() {
    assert_eq!(OrderState::parse("Draft"), None);
    let error: Error = "completed".parse::<OrderState>().unwrap_err().into();
    assert_eq!((error.kind(), error.code()), (Kind::Invalid, "choice"));
    assert_eq!(error.message(), "`completed` is not one of `draft`, `in_delivery`, `done`");
    let error = serde_json::from_str::<OrderState>("\"completed\"").unwrap_err().to_string();
    assert!(error.contains("expected one of `draft`, `in_delivery`, `done`"), "{error}");
    let error = serde_json::from_str::<OrderState>("3").unwrap_err().to_string();
    assert!(error.contains("expected one of `draft`, `in_delivery`, `done`"), "{error}");
}

#[test]
fn the_schema_lists_the_accepted_texts() {
    let schema = schemars::schema_for!(OrderState).to_value();
    assert_eq!((schema["title"].as_str(), schema["type"].as_str()), (Some("OrderState"), Some("string")));
    assert_eq!(schema["enum"], serde_json::json!(["draft", "in_delivery", "done"]));
}
