// Reads a file of the given kind from standard input; prints { documents, faults } as JSON.
//
//   node check.mjs compose|kubernetes|dashboard|workflow|yaml <compose.yaml
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import yaml from 'js-yaml';

const folder = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const checks = { compose, kubernetes, dashboard, workflow, yaml: () => [] };

const [kind] = process.argv.slice(2);
const text = readFileSync(0, 'utf8');
const documents = yaml.loadAll(text).filter((document) => document);
console.log(JSON.stringify({ documents, faults: await checks[kind](documents, text) }));

// By the Compose Specification's own schema, which dclint carries.
function compose([document]) {
  // Its draft's address is misspelt (https): without one, it is read as draft 7, which it is.
  const { $schema, ...schema } = JSON.parse(readFileSync(join(folder, 'node_modules/dclint/schemas/compose.schema.json'), 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
  return validate(document) ? [] : validate.errors.map((error) => `${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

// By Kubernetes' own OpenAPI schemas: values by the validators made of them, unknown members by the types made of them.
function kubernetes(documents) {
  const faults = [];
  const literals = [];
  for (const document of documents) {
    const { apiVersion, kind: name, metadata } = document;
    try {
      const model = require(`kubernetes-models/${apiVersion}`)[name];
      if (!model) throw new Error(`there is no ${name} in ${apiVersion}`);
      new model(document).validate();
      literals.push(`const _${literals.length}: import('kubernetes-models/${apiVersion}').I${name} = ${JSON.stringify(document, null, 1)};`);
    } catch (error) {
      faults.push(`${name} ${metadata?.name}: ${error.message}`);
    }
  }
  return [...faults, ...typeFaults(literals.join('\n'))];
}

// By Grafana's own types, generated from its schema.
function dashboard([document]) {
  return typeFaults(`
    import type { Dashboard } from '@grafana/schema';
    type Plain<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
    const _: Plain<Dashboard> = ${JSON.stringify(document, null, 1)};`);
}

// By the parser of GitHub's own editor extension.
async function workflow(_, content) {
  // It imports JSON as bundlers do, and not as Node wants it.
  const asJson = 'export const load = (url, context, next) => next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);';
  register(`data:text/javascript,${encodeURIComponent(asJson)}`);
  const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');
  const { context } = parseWorkflow({ name: 'workflow.yml', content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map((error) => error.message);
}

// TypeScript refuses members that an object literal's type does not know.
function typeFaults(source) {
  const scratch = mkdtempSync(join(folder, 'node_modules/.check-'));
  try {
    writeFileSync(join(scratch, 'check.ts'), `${source}\nexport {};\n`);
    execFileSync(
      process.execPath,
      [join(folder, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', 'check.ts'],
      { cwd: scratch, encoding: 'utf8', stdio: 'pipe' });
    return [];
  } catch (error) {
    if (!error.stdout) throw error;
    return error.stdout.trim().split('\n');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
