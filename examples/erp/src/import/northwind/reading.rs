//! Reads the folder: every file, every value, and what refers to what.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::CURRENCY;
use super::data::{LineRow, NorthwindData, OrderRow, PartyRow, ProductRow};
use crate::import::ImportError;
use crate::import::table::{Row, Table};

type Rows<T> = Result<Vec<T>, ImportError>;

const PARTY: [&str; 10] = [
    "CompanyName",
    "ContactName",
    "ContactTitle",
    "Address",
    "City",
    "Region",
    "PostalCode",
    "Country",
    "Phone",
    "Fax",
];
const PRODUCT: [&str; 8] = [
    "ProductID",
    "ProductName",
    "SupplierID",
    "CategoryID",
    "QuantityPerUnit",
    "UnitPrice",
    "UnitsInStock",
    "Discontinued",
];
const ORDER: [&str; 14] = [
    "OrderID",
    "CustomerID",
    "EmployeeID",
    "OrderDate",
    "RequiredDate",
    "ShippedDate",
    "ShipVia",
    "Freight",
    "ShipName",
    "ShipAddress",
    "ShipCity",
    "ShipRegion",
    "ShipPostalCode",
    "ShipCountry",
];
const LINE: [&str; 5] = ["OrderID", "ProductID", "UnitPrice", "Quantity", "Discount"];

impl NorthwindData {
    /// Reads and checks the CSV files of a folder: encoding, columns, numbers, dates, keys that stand twice,
    /// references, orders without lines, and files that were cut off. Where the folder has a `SOURCE.md` that says
    /// how many rows each file has, that many there must be.
    ///
    /// # Errors
    /// [`ImportError`] with file, line and column.
    pub fn read(dir: &Path) -> Result<Self, ImportError> {
        let folder = Folder { dir, promised: promised(dir) };
        let tables = Tables::read(&folder)?;
        folder.sales_areas(&tables.employees)?;
        let keys = Keys::of(&tables)?;
        let mut lines = lines(&tables.lines, &keys)?;
        let mut orders = tables.orders.rows().map(|row| order(row, &keys, &mut lines)).collect::<Rows<_>>()?;
        // Orders of one day stay in the order of the file.
        orders.sort_by_key(|order| order.ordered);
        let categories = category_names(&tables.categories)?;
        let products = tables.products.rows().map(|row| product(row, &categories, &keys));
        Ok(Self {
            customers: tables.customers.rows().map(|row| party(row, "CustomerID", "")).collect::<Rows<_>>()?,
            suppliers: tables.suppliers.rows().map(|row| party(row, "SupplierID", "S")).collect::<Rows<_>>()?,
            products: products.collect::<Rows<_>>()?,
            orders,
        })
    }
}

struct Folder<'a> {
    dir: &'a Path,
    promised: HashMap<String, usize>,
}

impl Folder<'_> {
    fn table(&self, name: &str, columns: &[&str]) -> Result<Table, ImportError> {
        let table = Table::read(self.dir, &format!("{name}.csv"), columns)?;
        table.promised(self.promised.get(name).copied())?;
        Ok(table)
    }

    /// Who sells where: nothing of it is imported, but a folder with a damaged file is refused.
    fn sales_areas(&self, employees: &Table) -> Result<(), ImportError> {
        let regions = self.table("region", &["RegionID", "RegionDescription"])?;
        let territories = self.table("territories", &["TerritoryID", "TerritoryDescription", "RegionID"])?;
        let covered = self.table("employeeterritories", &["EmployeeID", "TerritoryID"])?;
        let (employees, regions, known) =
            (employees.keys("EmployeeID")?, regions.keys("RegionID")?, territories.keys("TerritoryID")?);
        for row in territories.rows() {
            row.reference("RegionID", &regions, "region.csv")?;
        }
        for row in covered.rows() {
            row.reference("EmployeeID", &employees, "employees.csv")?;
            row.reference("TerritoryID", &known, "territories.csv")?;
        }
        Ok(())
    }
}

/// How many rows each file has by the folder's `SOURCE.md`, which has a line `Rows: categories 8, customers 91, ...`.
fn promised(dir: &Path) -> HashMap<String, usize> {
    let text = std::fs::read_to_string(dir.join("SOURCE.md")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Rows:")).unwrap_or_default();
    let count = |pair: &str| {
        let (name, rows) = pair.trim().rsplit_once(' ')?;
        Some((name.to_owned(), rows.parse().ok()?))
    };
    line.split(',').filter_map(count).collect()
}

struct Tables {
    categories: Table,
    customers: Table,
    suppliers: Table,
    shippers: Table,
    employees: Table,
    products: Table,
    orders: Table,
    lines: Table,
}

impl Tables {
    fn read(folder: &Folder<'_>) -> Result<Self, ImportError> {
        let with = |key: &'static str| [[key].as_slice(), PARTY.as_slice()].concat();
        Ok(Self {
            categories: folder.table("categories", &["CategoryID", "CategoryName"])?,
            customers: folder.table("customers", &with("CustomerID"))?,
            suppliers: folder.table("suppliers", &with("SupplierID"))?,
            shippers: folder.table("shippers", &["ShipperID", "CompanyName"])?,
            employees: folder.table("employees", &["EmployeeID", "LastName", "FirstName", "ReportsTo"])?,
            products: folder.table("products", &PRODUCT)?,
            orders: folder.table("orders", &ORDER)?,
            lines: folder.table("order_details", &LINE)?,
        })
    }
}

/// What rows of other tables refer to.
struct Keys<'a> {
    categories: HashSet<&'a str>,
    customers: HashSet<&'a str>,
    suppliers: HashSet<&'a str>,
    shippers: HashSet<&'a str>,
    employees: HashSet<&'a str>,
    products: HashSet<&'a str>,
    orders: HashSet<&'a str>,
}

impl<'a> Keys<'a> {
    fn of(tables: &'a Tables) -> Result<Self, ImportError> {
        let employees = tables.employees.keys("EmployeeID")?;
        for row in tables.employees.rows() {
            row.text("LastName", 100)?;
            if row.optional("ReportsTo", 40)?.is_some() {
                row.reference("ReportsTo", &employees, "employees.csv")?;
            }
        }
        Ok(Self {
            categories: tables.categories.keys("CategoryID")?,
            customers: tables.customers.keys("CustomerID")?,
            suppliers: tables.suppliers.keys("SupplierID")?,
            shippers: tables.shippers.keys("ShipperID")?,
            employees,
            products: tables.products.keys("ProductID")?,
            orders: tables.orders.keys("OrderID")?,
        })
    }
}

fn category_names(categories: &Table) -> Result<HashMap<&str, &str>, ImportError> {
    categories.rows().map(|row| Ok((row.text("CategoryID", 40)?, row.text("CategoryName", 100)?))).collect()
}

fn party(row: Row<'_>, key: &str, prefix: &str) -> Result<PartyRow, ImportError> {
    let optional = |column: &str, max| Ok(row.optional(column, max)?.map(str::to_owned));
    Ok(PartyRow {
        code: format!("{prefix}{}", row.text(key, 30)?),
        name: row.text("CompanyName", 200)?.to_owned(),
        contact: optional("ContactName", 200)?,
        title: optional("ContactTitle", 100)?,
        street: optional("Address", 200)?,
        city: optional("City", 100)?,
        region: optional("Region", 100)?,
        postal_code: optional("PostalCode", 20)?,
        country: optional("Country", 60)?,
        phone: optional("Phone", 40)?,
        fax: optional("Fax", 40)?,
    })
}

fn product(row: Row<'_>, categories: &HashMap<&str, &str>, keys: &Keys<'_>) -> Result<ProductRow, ImportError> {
    let category = row.reference("CategoryID", &keys.categories, "categories.csv")?;
    Ok(ProductRow {
        code: row.text("ProductID", 40)?.to_owned(),
        name: row.text("ProductName", 200)?.to_owned(),
        packing: row.optional("QuantityPerUnit", 2_000)?.map(str::to_owned),
        category: categories.get(category).copied().unwrap_or_default().to_owned(),
        supplier: format!("S{}", row.reference("SupplierID", &keys.suppliers, "suppliers.csv")?),
        price: row.price("UnitPrice", CURRENCY)?,
        in_stock: row.pieces("UnitsInStock")?,
        discontinued: row.flag("Discontinued")?,
    })
}

/// The lines of every order.
fn lines<'a>(table: &'a Table, keys: &Keys<'_>) -> Result<HashMap<&'a str, Vec<LineRow>>, ImportError> {
    let mut lines: HashMap<&str, Vec<LineRow>> = HashMap::new();
    for row in table.rows() {
        let order = row.reference("OrderID", &keys.orders, "orders.csv")?;
        let product = row.reference("ProductID", &keys.products, "products.csv")?;
        let of_order = lines.entry(order).or_default();
        if of_order.iter().any(|line| line.product == product) {
            return Err(row.wrong("ProductID", format!("`{product}` stands twice in the order `{order}`")));
        }
        let quantity = row.pieces("Quantity")?;
        if !quantity.is_positive() {
            return Err(row.wrong("Quantity", "nothing was ordered".to_owned()));
        }
        let (price, discount) = (row.price("UnitPrice", CURRENCY)?, row.share("Discount")?);
        of_order.push(LineRow { product: product.to_owned(), quantity, price, discount });
    }
    Ok(lines)
}

fn order(row: Row<'_>, keys: &Keys<'_>, lines: &mut HashMap<&str, Vec<LineRow>>) -> Result<OrderRow, ImportError> {
    let number = row.text("OrderID", 40)?;
    row.reference("EmployeeID", &keys.employees, "employees.csv")?;
    row.reference("ShipVia", &keys.shippers, "shippers.csv")?;
    let customer = row.reference("CustomerID", &keys.customers, "customers.csv")?;
    let (ordered, shipped) = (row.date("OrderDate")?, row.optional_date("ShippedDate")?);
    if let Some(shipped) = shipped.filter(|shipped| *shipped < ordered) {
        return Err(row.wrong("ShippedDate", format!("{shipped} is before the day of the order, {ordered}")));
    }
    let Some(lines) = lines.remove(number) else {
        let what = format!("the order `{number}` has no lines in order_details.csv, which may be cut off");
        return Err(row.wrong("OrderID", what));
    };
    Ok(OrderRow {
        number: number.to_owned(),
        customer: customer.to_owned(),
        ordered,
        required: row.date("RequiredDate")?,
        shipped,
        freight: row.money("Freight", CURRENCY)?,
        ship_to: address(row)?,
        lines,
    })
}

/// Where an order goes, in one text.
fn address(row: Row<'_>) -> Result<String, ImportError> {
    let mut parts = Vec::new();
    for (column, max) in [("ShipName", 120), ("ShipAddress", 120), ("ShipPostalCode", 20), ("ShipCity", 40)] {
        parts.extend(row.optional(column, max)?);
    }
    for (column, max) in [("ShipRegion", 40), ("ShipCountry", 40)] {
        parts.extend(row.optional(column, max)?);
    }
    Ok(parts.join(", "))
}
