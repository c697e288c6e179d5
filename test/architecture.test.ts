/**
 * Checks which folder may import which other folder, which folder is the home of each package, and
 * what only one place may do. README.md shows the first table. A test here keeps both equal.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '..');

/**
 * For each folder: the folders that it may import, then those from which it may import only types.
 * Every folder may import Node's own modules.
 */
const MAY_IMPORT: Readonly<Record<string, readonly [values: string, types?: string]>> = {
  core: [''],
  grammar: ['core'],
  plan: ['core'],
  batch: ['core'],
  functions: ['core, batch', 'plan'],
  formats: ['core, batch, functions'],
  compiler: ['grammar, plan, core, functions, batch'],
  engine: ['plan, core, batch, functions'],
  storage: ['core', 'engine'],
  connectors: ['formats, core, batch', 'engine, plan'],
  config: ['core'],
  library: ['compiler, engine, connectors, storage, formats, plan, batch, core, config'],
  service: ['library, compiler, engine, connectors, storage, formats, functions, plan, batch, core, config'],
  http: ['service, core', 'engine'],
  cli: ['library, service, http, compiler, engine, connectors, storage, formats, plan, batch, core, config'],
  console: [''],
};

/** For each third-party package: the one folder that imports it. */
const HOMES: Readonly<Record<string, string>> = {
  chevrotain: 'grammar',
  'rocksdb-native': 'src/engine/state/rocksdb',
  re2js: 'src/core/regex',
  'temporal-polyfill': 'src/functions/time',
  fastify: 'src/http',
  '@fastify/swagger': 'src/http',
  'prom-client': 'src/http',
  commander: 'src/cli',
  'cli-table3': 'src/cli/output',
  'string-width': 'src/cli/output',
  '@aws-sdk/client-s3': 'src/storage/s3',
};

/** Packages with more than one home, with the reason. */
const SHARED: Readonly<Record<string, string>> = {
  pino: 'the only logger: the service writes, HTTP hands its instance to fastify',
  chokidar: 'the service watches patterns, the CLI watches golden cases',
};

interface Rule {
  readonly what: RegExp;
  readonly why: string;
  /** For each file or folder: why it is an exception. */
  readonly except: Readonly<Record<string, string>>;
}

const RULES: readonly Rule[] = [
  {
    what: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
    why: 'time comes from the clock in core/clock.ts, so that a simulation can drive everything',
    except: {
      'src/core/clock.ts': 'the clock',
      'src/engine/state/cached-state-store.ts': 'a metric: how long evictions made the job wait',
      'src/cli/': 'how long a command took, told to a person',
      'src/console/': 'runs in the browser',
    },
  },
  {
    what: /\bMath\.random\b/,
    why: 'chance is passed in, so that runs can be repeated',
    except: {
      'src/engine/job/job-setup.ts': 'the default of a job',
      'src/cli/commands/run.ts': 'hands it to the restarts of a job',
      'src/cli/commands/serve.ts': 'hands it to the service',
    },
  },
  {
    what: /\bprocess\.env\b/,
    why: 'only config and the CLI read the environment',
    except: { 'src/config/': 'the reader of configuration', 'src/cli/': 'NO_COLOR, SEQUITUR_DEBUG' },
  },
  {
    what: /\beval\(|\bnew Function\b/,
    why: 'source code is generated in one place, from numbers only',
    except: { 'src/formats/json/scanner-code.ts': 'the JSON scanner (ADR 0010)' },
  },
  {
    what: /\bconsole\.(log|error|warn|info)\b/,
    why: 'what the program says goes through the logger or the CLI',
    except: {},
  },
];

interface Import {
  readonly file: string;
  /** The path from the root, or the name of a package. */
  readonly target: string;
  readonly relative: boolean;
  readonly typesOnly: boolean;
  /** `import()`: the module is loaded when the code runs. */
  readonly lazy: boolean;
}

const files = ['grammar', 'src'].flatMap((top) =>
  fs
    .readdirSync(path.join(root, top), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(ts|js)$/.test(e.name))
    .map((e) => path.relative(root, path.join(e.parentPath, e.name))),
);
const text = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const isBelow = (file: string, place: string): boolean =>
  file === place || file.startsWith(place.endsWith('/') ? place : `${place}/`);

/**
 * Returns the folder of a file: `src/engine/job/job.ts` → `engine`; `grammar/tokens.ts` →
 * `grammar`; `src/index.ts` → null.
 */
function folderOf(file: string): string | null {
  const parts = file.split('/');
  if (parts[0] === 'grammar') return 'grammar';
  return parts[0] === 'src' && parts.length > 2 ? parts[1]! : null;
}

function importsOf(file: string): Import[] {
  const source = text(file);
  const statements = [
    ...source.matchAll(/^(import|export)\s+(type\s)?(?:[\w*\s{},]+?\sfrom\s+)?'([^'\n]+)'/gm),
    ...source.matchAll(/\b(import)\((\s*)'([^'\n]+)'\)/g),
  ];
  return statements.flatMap(([statement, , type, name]) => {
    const lazy = statement.startsWith('import(');
    if (name === undefined || name.startsWith('node:')) return [];
    const relative = name.startsWith('.');
    const target = relative ? path.relative(root, path.resolve(root, path.dirname(file), name)) : packageOf(name);
    if (target.startsWith('node_modules/')) {
      return [
        { file, target: packageOf(target.slice('node_modules/'.length)), relative: false, typesOnly: false, lazy },
      ];
    }
    return [{ file, target, relative, typesOnly: type?.trim() === 'type', lazy }];
  });
}

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
const words = (list: string | undefined): readonly string[] => (list ?? '').split(', ').filter((w) => w !== '');
const imports = files.flatMap(importsOf);

describe('architecture', () => {
  it('finds the imports', () => {
    assert.ok(imports.length > 500, `${imports.length} imports found`);
    assert.deepEqual(
      files.map(folderOf).filter((f) => f !== null && !(f in MAY_IMPORT)),
      [],
      'a folder without a row in the table',
    );
  });

  it('keeps the import table', () => {
    const broken = imports.flatMap(({ file, target, relative, typesOnly }) => {
      const from = folderOf(file);
      const to = folderOf(target);
      if (!relative || from === null || from === to) return [];
      const [values, types] = MAY_IMPORT[from]!;
      if (to !== null && (words(values).includes(to) || (typesOnly && words(types).includes(to)))) return [];
      return [`${file} imports ${target}: ${from} may not import ${typesOnly ? 'types' : 'values'} of ${to}`];
    });
    assert.deepEqual(broken, []);
  });

  it('keeps the folders of the engine in one direction', () => {
    // The files directly in the engine are its ports. They count as one folder.
    const folder = (file: string): string | null =>
      /^src\/engine\/([\w-]+)\//.exec(file)?.[1] ?? (file.startsWith('src/engine/') ? 'ports' : null);
    const edges = new Map<string, Set<string>>();
    for (const { file, target } of imports) {
      const [from, to] = [folder(file), folder(target)];
      if (from === null || to === null || from === to) continue;
      edges.set(from, (edges.get(from) ?? new Set<string>()).add(to));
    }
    assert.deepEqual([...circles(edges)], []);
  });

  it('loads patterns and the migration of state only where a job needs them', () => {
    const loaded = new Set<string>();
    const visit = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      for (const each of imports) if (each.file === file && !each.lazy && !each.typesOnly) visit(each.target);
    };
    visit('src/cli/main.ts');
    visit('src/cli/commands/run.ts');
    assert.ok(loaded.has('src/engine/operators/operator-registry.ts'));
    const late = /^src\/engine\/(operators\/match\.ts|match\/standard\/|migration\/)/;
    assert.deepEqual(
      [...loaded].filter((file) => late.test(file)),
      [],
    );
  });

  it('knows every package in its home only', () => {
    const broken = imports.flatMap(({ file, target, relative }) => {
      if (relative || target in SHARED) return [];
      const home = HOMES[target];
      return home !== undefined && isBelow(file, home)
        ? []
        : [`${file} imports ${target}, whose home is ${home ?? 'not named'}`];
    });
    assert.deepEqual(broken, []);
  });

  it('depends on no package that nothing imports', () => {
    const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
    const used = new Set(imports.filter((i) => !i.relative).map((i) => i.target));
    assert.deepEqual(
      Object.keys(dependencies).filter((name) => !used.has(name)),
      [],
    );
  });

  for (const { what, why, except } of RULES) {
    it(`${why}: ${what.source}`, () => {
      const found = files.filter((file) => what.test(withoutComments(text(file))));
      const places = Object.keys(except);
      const allowed = (file: string): boolean => places.some((place) => isBelow(file, place));
      assert.deepEqual(
        found.filter((file) => !allowed(file)),
        [],
      );
    });
  }

  it('has a public entry that only re-exports the library and core', () => {
    const entry = imports.filter(({ file }) => file === 'src/index.ts').map(({ target }) => folderOf(target));
    assert.deepEqual([...new Set(entry)].sort(), ['core', 'library']);
    assert.doesNotMatch(withoutComments(text('src/index.ts')), /^(?!export \{|export type \{|\s|\}|$)/m);
  });

  it('is shown in the README as it is here', () => {
    const shown = [...text('README.md').matchAll(/^\| `(\w+)` \| (.*?) \|$/gm)].map((m) => [m[1]!, m[2]!] as const);
    const wanted = Object.entries(MAY_IMPORT).map(([folder, [values, types]]) => {
      const parts = [values === '' ? 'nothing' : values, ...(types === undefined ? [] : [`types of ${types}`])];
      return [folder, parts.join('; ')] as const;
    });
    assert.deepEqual(shown, wanted);
  });
});

/** Returns the folders that import themselves indirectly, each with all folders of its circle. */
function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reach = (from: string): Set<string> => {
    const found = new Set<string>();
    const visit = (at: string): void => {
      for (const next of edges.get(at) ?? []) {
        if (found.has(next)) continue;
        found.add(next);
        visit(next);
      }
    };
    visit(from);
    return found;
  };
  const reached = new Map([...edges.keys()].map((from) => [from, reach(from)]));
  const round = (from: string): string[] =>
    [...reached.get(from)!].filter((to) => reached.get(to)?.has(from) === true).sort();
  return new Set([...edges.keys()].flatMap((from) => (round(from).length > 0 ? [round(from).join(' ⇄ ')] : [])).sort());
}

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
