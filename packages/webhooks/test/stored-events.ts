import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { companyStream, creditsStream } from '@daybook/domain/kernel';
