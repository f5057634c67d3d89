DROP TABLE cortex_module_switches;
DROP TABLE cortex_modules;
