CREATE TABLE fleet_vehicles (id uuid NOT NULL PRIMARY KEY);
