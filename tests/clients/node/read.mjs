// Reads every table of a published file with the client for node: node read.mjs FILE
import { DuckDBInstance, version } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2], { access_mode: "READ_ONLY" });
const connection = await instance.connect();
const query = "select schema_name || '.' || table_name from duckdb_tables() where not internal";
const tables = (await connection.runAndReadAll(query)).getRows();
const n_rows = {};
for (const [table] of tables) {
  n_rows[table] = (await connection.runAndReadAll(`select * from ${table}`)).currentRowCount;
}
console.log(JSON.stringify({ version: version(), n_rows }));
