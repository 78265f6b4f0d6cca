// The reference network of the AT Protocol on loopback: PLC, PDS with its OAuth server, AppView.
// Prints one line of JSON when it is ready; ends with its standard input.
// Wants DB_POSTGRES_URL, DB_POSTGRES_SCHEMA and REDIS_HOST (host:port).
import { TestNetwork } from '@atproto/dev-env'

const log = console.log
console.log = (...words) => console.error(...words)
// Everything that is asked for must be answered at once: no wait before notifications are shown.
const network = await TestNetwork.create({ pds: { hostname: 'localhost' } })
log(
  JSON.stringify({
    plc: network.plc.url,
    pds: network.pds.url,
    appview: network.bsky.url,
    appviewDid: network.bsky.ctx.cfg.serverDid,
  }),
)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
