// Compiles a JSON Schema with ajv in strict mode and judges instances by it:
//
//   node ajv_strict.mjs FOLDER_OF_NODE_MODULES SCHEMA.json [INSTANCES.json]
//
// INSTANCES.json is a list of documents. Writes the list of verdicts, true or false, as JSON. A schema
// that ajv refuses or warns about ends the script with status 1 and the reason.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, schemaPath, instancesPath] = process.argv.slice(2);
const { default: Ajv } = createRequire(join(resolve(modules), "any.js"))("ajv/dist/2020.js");
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const complaints = [];
const complain = (...words) => complaints.push(words.join(" "));

try {
  const ajv = new Ajv({ strict: true, logger: { log: complain, warn: complain, error: complain } });
  ajv.addVocabulary(["x-since", "x-until"]);
  const validate = ajv.compile(read(schemaPath));
  const instances = instancesPath === undefined ? [] : read(instancesPath);
  console.log(JSON.stringify(instances.map((instance) => validate(instance))));
} catch (error) {
  complain(error.message);
}
if (complaints.length > 0) {
  console.error(complaints.join("\n"));
  process.exitCode = 1;
}
