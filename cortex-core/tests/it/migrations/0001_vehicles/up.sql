CREATE TABLE fleet_vehicles (id uuid PRIMARY KEY);
