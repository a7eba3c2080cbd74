// PostGraphile on the tables as they are: its own server on node:http, nothing watched, explained or shown in a browser.
import './with-resolvers.ts';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { listen, variable } from '../processes/listen.ts';

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  // It would not offer to order by a column that stands second in its index.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [
    makePgService({ connectionString: variable('DATABASE_URL'), schemas: ['public'], poolConfig: { max: 10 } }),
  ],
  grafserv: { watch: false, graphiql: false, websockets: false },
  grafast: { explain: false },
});

const server = createServer();
await instance.createServ(grafserv).addTo(server);
await listen(server);
