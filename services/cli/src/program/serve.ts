import * as E from 'fp-ts/lib/Either.js';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { serveFrom } from '../commands/serve.js';
import { grpcWrites, type GrpcOptions, type GrpcWrites } from '../serving/grpc.js';
import { roles, rolesFrom, rolesOf, usualRoles, type Roles } from '../serving/roles.js';
import type { Run } from './run.js';

const PORT_MAX = 65_535;

export const portFrom = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= PORT_MAX) return port;
  throw new InvalidArgumentError(`Write a number from 0 (any free port) to ${PORT_MAX}.`);
};

const chosenRoles = (text: string): Roles => {
  const chosen = rolesFrom(text);
  if (E.isLeft(chosen)) throw new InvalidArgumentError(chosen.left.message);
  return chosen.right;
};

const logLevels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;

type ServeFlags = Readonly<{
  host: string;
  port: number;
  roles?: Roles;
  logLevel: string;
  grpc?: number;
  grpcHost: string;
  grpcAdvertise?: string;
  grpcWrites: GrpcWrites;
  grpcCertificate?: string;
  grpcKey?: string;
  grpcUsers?: string;
}>;

const grpcOf = (flags: ServeFlags): GrpcOptions | null =>
  flags.grpc === undefined
    ? null
    : {
        host: flags.grpcHost,
        port: flags.grpc,
        writes: flags.grpcWrites,
        certificate: flags.grpcCertificate ?? null,
        key: flags.grpcKey ?? null,
        users: flags.grpcUsers ?? null,
        advertise: flags.grpcAdvertise ?? null,
      };

const rolesHelp = `
Roles:
${Object.entries(roles)
  .map(([role, what]) => `  ${role.padEnd(10)} ${what}`)
  .join('\n')}`;

const addGrpcOptions = (serve: Command): Command =>
  serve
    .addOption(
      new Option(
        '--grpc <port>',
        'serve the embedded log, too, for clients of EventStoreDB (0: any free port)',
      ).argParser(portFrom),
    )
    .option('--grpc-host <address>', 'address to listen at', '127.0.0.1')
    .addOption(
      new Option(
        '--grpc-writes <what>',
        'what its clients may write: nothing, streams that are not Daybook’s, or all, as nodes of a cluster',
      )
        .choices(grpcWrites)
        .default('none'),
    )
    .option('--grpc-certificate <file>', 'PEM file of its certificate')
    .option('--grpc-key <file>', 'PEM file of the certificate’s key')
    .option('--grpc-users <file>', 'who may connect: a name:password on each line')
    .option('--grpc-advertise <host>', 'name that clients are told which ask for the nodes');

export const addServe = (program: Command, run: Run): void => {
  const serve = program
    .command('serve')
    .description('serve the HTTP API, and do what is due, until Ctrl+C')
    .addOption(new Option('--port <port>', 'port').default(7070).argParser(portFrom))
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .addOption(
      new Option(
        '--roles <roles>',
        `what this node does, separated by commas (default: ${[...usualRoles].join(',')} and the ways out that are configured)`,
      ).argParser(chosenRoles),
    )
    .addOption(
      new Option('--log-level <level>', 'log lines on standard error')
        .choices(logLevels)
        .default('warn'),
    );
  addGrpcOptions(serve)
    .addHelpText('after', rolesHelp)
    .action(async (flags: ServeFlags, command: Command) =>
      run(command, (context) => {
        const { host, port, logLevel } = flags;
        const areRolesAsked = flags.roles !== undefined;
        const how = {
          areRolesAsked,
          nextFree: false,
          examples: null,
          roles: flags.roles ?? rolesOf(context),
          grpc: grpcOf(flags),
        };
        return serveFrom(context, { host, port, logLevel, ...how });
      }),
    );
};
