DROP TABLE crm_sales_steps;
DROP TABLE crm_sales_order_lines;
DROP TABLE crm_sales_orders;
