// Loads YAML documents with js-yaml:
//
//   node js_yaml.mjs FOLDER_OF_NODE_MODULES DOCUMENTS.json
//
// DOCUMENTS.json is a list of texts. Writes the list of what they hold, as JSON; anything that is no mapping,
// list, text or number (a date, say) is written as "[object …]", so that nobody takes it for a text.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, documentsPath] = process.argv.slice(2);
const yaml = createRequire(join(resolve(modules), "any.js"))("js-yaml");

function plain(value) {
  if (typeof value === "string" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
  }
  return Object.prototype.toString.call(value);
}

const documents = JSON.parse(readFileSync(documentsPath, "utf8"));
console.log(JSON.stringify(documents.map((document) => plain(yaml.load(document)))));
