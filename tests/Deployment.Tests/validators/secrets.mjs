// Looks for credentials in all that was ever committed to the repository of a folder, or in its files where it has none; prints [{ where, found }] as JSON.
//
//   node secrets.mjs <folder>
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

const [folder] = process.argv.slice(2);
const run = (program, words) => execFileSync(program, words, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] });
const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

const found = [];
for (const { where, content } of hasHistory() ? added() : files()) {
  const { messages } = await lintSource({ source: { content, filePath: where, ext: extname(where), contentType: 'text' }, options: { config } });
  found.push(...messages.filter(({ type }) => type === 'message').map(({ message, range: [from, to] }) => ({ where, found: content.slice(from, to), message })));
}
console.log(JSON.stringify(found));
// At once: secretlint measures itself, and would go on evaluating that for minutes.
process.exit();

function hasHistory() {
  try {
    return run('git', ['rev-parse', '--show-prefix']).trim() === '';
  } catch {
    return false;
  }
}

// What each commit added to each file; a merge only what is in neither of its sides.
function added() {
  const parts = new Map();
  let commit, path, lines;
  for (const line of run('git', ['log', '--all', '--format=%x00%h', '--patch', '--unified=0', '--diff-merges=dense-combined', '--no-renames', '--no-color', '--no-ext-diff']).split('\n')) {
    if (line.startsWith('\0')) commit = line.slice(1);
    else if (line.startsWith('diff --')) lines = undefined;
    else if (line.startsWith('+++ ') && !lines) {
      path = line.replace(/^\+\+\+ b?\//, '');
      lines = [];
      parts.set(`${commit}:${path}`, lines);
    } else if (lines && /^ ?\+/.test(line)) lines.push(line.replace(/^ ?\+/, ''));
  }
  return [...parts].map(([where, text]) => ({ where, content: text.join('\n') }));
}

function files() {
  const words = ['.', '-type', 'f', '-size', '-1024k', ...['./artifacts', './.explaino', './.git', '*/node_modules'].flatMap((path) => ['-not', '-path', `${path}/*`])];
  return run('find', words).split('\n').filter(Boolean).map((file) => ({ where: file.slice(2), content: readFileSync(join(folder, file), 'utf8') }));
}
