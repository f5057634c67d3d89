//! A company of the same shape, small enough to damage every byte of it.

use std::path::Path;

use codexion::prelude::Currency;
use cortex_testing::TestApp;
use erp::report::Reports;
use tempfile::TempDir;

use crate::imports::work;

/// File, and its rows with the names first.
pub(crate) const FILES: [(&str, &str); 11] = [
    ("categories", "CategoryID,CategoryName,Description\r\n1,Beverages,\"Teas, beers\"\r\n"),
    (
        "customers",
        "CustomerID,CompanyName,ContactName,ContactTitle,Address,City,Region,PostalCode,Country,Phone,Fax\r\n\
         ALFKI,Alfreds Futterkiste,Maria Anders,Owner,Obere Str. 57,Berlin,,12209,Germany,030-0074321,\r\n\
         ANATR,\"Ana, Trujillo\",,,Avda. de la Constitución 2222,México D.F.,,05021,Mexico,,\r\n",
    ),
    ("employees", "EmployeeID,LastName,FirstName,ReportsTo\r\n2,Fuller,Andrew,\r\n5,Buchanan,Steven,2\r\n"),
    ("employeeterritories", "EmployeeID,TerritoryID\r\n5,06897\r\n"),
    ("region", "RegionID,RegionDescription\r\n1,Eastern\r\n"),
    ("territories", "TerritoryID,TerritoryDescription,RegionID\r\n06897,Wilton,1\r\n"),
    ("shippers", "ShipperID,CompanyName,Phone\r\n3,Federal Shipping,(503) 555-9931\r\n"),
    (
        "suppliers",
        "SupplierID,CompanyName,ContactName,ContactTitle,Address,City,Region,PostalCode,Country,Phone,Fax,HomePage\r\n\
         1,Exotic Liquids,Charlotte Cooper,Manager,49 Gilbert St.,London,,EC1 4SD,UK,(171) 555-2222,,\r\n",
    ),
    (
        "products",
        "ProductID,ProductName,SupplierID,CategoryID,QuantityPerUnit,UnitPrice,UnitsInStock,UnitsOnOrder,\
         ReorderLevel,Discontinued\r\n\
         1,Chai,1,1,10 boxes x 20 bags,18,0,0,10,0\r\n\
         2,Chang,1,1,24 - 12 oz bottles,19,3,40,25,1\r\n",
    ),
    (
        "orders",
        "OrderID,CustomerID,EmployeeID,OrderDate,RequiredDate,ShippedDate,ShipVia,Freight,ShipName,ShipAddress,\
         ShipCity,ShipRegion,ShipPostalCode,ShipCountry\r\n\
         10248,ALFKI,5,1996-07-04,1996-08-01,1996-07-16,3,2.25,Alfreds,Obere Str. 57,Berlin,,12209,Germany\r\n\
         10249,ANATR,5,1996-07-05,1996-08-16,1997-01-02,3,2.75,Ana,Avda. 2222,México D.F.,,05021,Mexico\r\n\
         10250,ALFKI,2,1996-07-05,1996-08-16,,3,1.50,Alfreds,Obere Str. 57,Berlin,,12209,Germany\r\n",
    ),
    (
        "order_details",
        "OrderID,ProductID,UnitPrice,Quantity,Discount\r\n\
         10248,1,14.50,1,0.05\r\n10248,2,15.2,2,0.25\r\n10249,2,19.01,3,0.15\r\n10250,2,19,1,0\r\n",
    ),
];

/// The folder of the company.
pub(crate) fn company() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = Vec::new();
    for (name, text) in FILES {
        std::fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
        rows.push(format!("{name} {}", text.matches("\r\n").count() - 1));
    }
    promise(folder.path(), &rows.join(", "));
    folder
}

/// Writes how many rows each file has.
fn promise(folder: &Path, rows: &str) {
    std::fs::write(folder.join("SOURCE.md"), format!("# A small company\nRows: {rows}\n")).unwrap();
}

/// Debits are credits, the stock account is what the stock is worth, open items are their account.
pub(crate) fn ties_out(app: &TestApp) {
    let reports = app.get::<Reports>();
    let report = work(app).snapshot_blocking(|tx| reports.read(tx)).unwrap().unwrap();
    report.check().unwrap();
    assert_eq!(report.owed_to_us.total.currency(), Currency::USD);
}
