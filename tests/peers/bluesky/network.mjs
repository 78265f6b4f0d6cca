// The reference network of the AT Protocol on loopback: PLC, PDS with its OAuth server, AppView.
// Prints one line of JSON when it is ready; ends with its standard input.
//
// Wants DB_POSTGRES_URL, DB_POSTGRES_SCHEMA and REDIS_HOST (host:port). SITE is the address under
// which a site of ours says what it is, and SITE_IS_AT a file with its address on this machine: DNS
// and TLS are all that is spared here.
import { readFileSync } from 'node:fs'

const log = console.log
console.log = (...words) => console.error(...words)

const { SITE, SITE_IS_AT } = process.env
const fetchAnywhere = globalThis.fetch
globalThis.fetch = (input, init) => {
  const request = new Request(input, init)
  if (!request.url.startsWith(`${SITE}/`)) return fetchAnywhere(request)
  const here = readFileSync(SITE_IS_AT, 'utf8')
  return fetchAnywhere(request.url.replace(SITE, here), { headers: request.headers })
}

const { TestNetwork } = await import('@atproto/dev-env')
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
