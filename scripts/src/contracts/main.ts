/**
 * Checks that docs/contracts is what the code publishes, or writes it. A changed shape of a released type
 * is refused in both cases: it needs a new version. Exit code 1 when something is not as it must be.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  contractDocuments,
  contractProblems,
  readContractFolder,
  undecidedStoredTypes,
  writeContractFolder,
} from '@daybook/publisher';

const HELP = `Usage: npm run contracts -- [--check | --write] [--folder FOLDER]

  --check   compare the committed documents with the code (default)
  --write   write them; refuses to change the shape of a released type
  --folder  where they are (default: docs/contracts)
`;

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    folder: { type: 'string', default: join('docs', 'contracts') },
    help: { type: 'boolean', default: false },
  },
});

const run = (): number => {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const generated = contractDocuments();
  const problems = values.write
    ? writeContractFolder(values.folder, generated)
    : contractProblems(readContractFolder(values.folder), generated);
  for (const { message } of problems) console.error(`✗ ${message}`);
  const undecided = undecidedStoredTypes();
  for (const type of undecided)
    console.error(`✗ Nobody has decided whether ${type} is published: add a contract or a reason.`);
  if (problems.length + undecided.length > 0) return 1;
  console.log(`✓ ${generated.size} documents in ${values.folder} are what the code publishes.`);
  return 0;
};

process.exitCode = run();
