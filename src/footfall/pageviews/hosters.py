"""
Networks of computers that are rented by the hour: whoever opens a page from there is seldom a person at a browser.

Without those that people's own connections come out of: VPNs, Apple's private relay, Cloudflare's WARP.
"""

HOSTERS: dict[str, str] = {
    "14061": "DigitalOcean", "14618": "Amazon", "16509": "Amazon", "16276": "OVH", "19318": "Interserver", "19994": "Rackspace",
    "20473": "Vultr", "24940": "Hetzner", "213230": "Hetzner", "26496": "GoDaddy", "27357": "Rackspace", "28753": "Leaseweb",
    "30633": "Leaseweb", "31898": "Oracle", "33070": "Rackspace", "36007": "Kamatera", "36351": "IBM", "36352": "ColoCrossing",
    "37963": "Alibaba", "45102": "Alibaba", "40676": "Psychz", "45090": "Tencent", "132203": "Tencent", "47583": "Hostinger",
    "51167": "Contabo", "55990": "Huawei", "136907": "Huawei", "60781": "Leaseweb", "63949": "Linode", "8075": "Microsoft",
    "8100": "QuadraNet", "8560": "IONOS", "12876": "Scaleway", "197540": "netcup", "202053": "UpCloud",
    "396982": "Google Cloud",
}  # fmt: skip
"""The number of an autonomous system -> who rents its computers out."""
