DROP TABLE fleet_vehicles;
