// Types of the API, from the documents that ClientTests has put together.
import { readFile, writeFile } from "node:fs/promises";
import openapiTypeScript, { astToString } from "openapi-typescript";
import ts from "typescript";

const bytes = ts.factory.createTypeReferenceNode("Blob");
const document = JSON.parse(await readFile("generated/explaino.json", "utf8"));
const types = await openapiTypeScript(document, { transform: (schema) => (schema.format === "binary" ? bytes : undefined) });
await writeFile("generated/explaino.ts", astToString(types));
