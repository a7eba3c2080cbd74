// Installs the parts that others wrote, which only tests need, unless they are there: tsx test/interop/install.ts
// (The overrides in their package.json leave out what no test reaches: cloud clients, telemetry, a page.)
import { installIn } from '../kit/install.ts';

installIn(import.meta.dirname, 'the gateways and compilers that the tests try the service with');
