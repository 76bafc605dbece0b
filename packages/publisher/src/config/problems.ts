import { CONFIG_FILE, type SettingName, settingTable } from './variables.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting that cannot be used. What was written is not told: it may be a secret. */
export type ConfigProblem = Readonly<{ variable: string; expected: string; example: string }>;

export const problemWith = (name: SettingName): ConfigProblem => {
  const { variable, expected, example } = settingTable[name];
  return { variable, expected, example };
};

export const fileProblem = (expected: string): ConfigProblem => ({
  variable: CONFIG_FILE,
  expected,
  example: '/etc/daybook/relay.json',
});

/** Fit for a person: a line for each. */
export const configProblemsInWords = (problems: readonly ConfigProblem[]): string =>
  problems
    .map(({ variable, expected, example }) => `${variable}: ${expected}; such as ${example}`)
    .join('\n');
