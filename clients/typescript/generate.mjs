// Types of the API, and which of its calls take an idempotency key, from the released document.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import openapiTypeScript, { astToString } from "openapi-typescript";
import ts from "typescript";

const document = JSON.parse(await readFile(new URL("../../docs/openapi/released/explaino.json", import.meta.url), "utf8"));
const folder = new URL("src/generated/", import.meta.url);
await mkdir(folder, { recursive: true });

// Where there is JSON, the other forms of the same are not asked for.
for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
  for (const { content } of Object.values(operation.responses ?? {})) {
    if (content?.["application/json"]) {
      Object.keys(content).filter((type) => type !== "application/json").forEach((type) => delete content[type]);
    }
  }
}

// The client gives every call its key: a caller need not.
const keys = Object.values(document.paths).flatMap(({ post }) => post?.parameters?.filter((parameter) => parameter.name === "Idempotency-Key") ?? []);
keys.forEach((parameter) => (parameter.required = false));

const bytes = ts.factory.createTypeReferenceNode("Blob");
const types = await openapiTypeScript(document, {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  rootTypesKeepCasing: true,
  transform: (schema) => (schema.format === "binary" ? bytes : undefined),
});
await writeFile(new URL("api.ts", folder), astToString(types));

const keyed = Object.entries(document.paths)
  .filter(([, { post }]) => post?.parameters?.some((parameter) => parameter.name === "Idempotency-Key"))
  .map(([path]) => path);
await writeFile(new URL("keyed.ts", folder), `/** The paths whose POST takes an Idempotency-Key. */\nexport const keyedPaths: readonly string[] = ${JSON.stringify(keyed, null, 2)};\n`);
