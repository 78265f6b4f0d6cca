// Scans one page and prints what the Observatory says of it, as JSON: node scan.mjs HOST:PORT/PATH
import { scan } from '@mdn/mdn-http-observatory'

const { scan: summary, tests } = await scan(process.argv[2])
console.log(JSON.stringify({ ...summary, tests }))
