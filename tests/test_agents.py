"""Bots, browsers and systems, as real user agents name themselves."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.errors import ConfigError
from footfall.pageviews import agents
from footfall.pageviews.agents import LONGEST_NAME, Agent, bot_class, know_agent, own_bots

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
UNKNOWN = "(unknown)"

PEOPLE = [
    (f"{WINDOWS} {BLINK} Chrome/142.0.0.0 Safari/537.36", "Chrome", "Windows"),
    (f"{MAC} {BLINK} Chrome/141.0.0.0 Safari/537.36", "Chrome", "macOS"),
    (f"{LINUX} {BLINK} Chrome/140.0.0.0 Safari/537.36", "Chrome", "Linux"),
    (f"{ANDROID} {BLINK} Chrome/138.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK} Chrome/141.0.0.0 Safari/537.36", "Chrome", "Chrome OS"),
    (f"{IPHONE} {WEBKIT} CriOS/141.0.7390.96 Mobile/15E148 Safari/604.1", "Chrome", "iOS"),
    (f"{IPHONE} {WEBKIT} Version/26.1 Mobile/15E148 Safari/604.1", "Safari", "iOS"),
    (
        f"Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) {WEBKIT} Version/17.6 Mobile/15E148 Safari/604.1",
        "Safari",
        "iOS",
    ),
    (f"{MAC} {WEBKIT} Version/26.1 Safari/605.1.15", "Safari", "macOS"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "Windows"),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "Linux"),
    ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox", "Android"),
    (f"{IPHONE} {WEBKIT} Version/18.0 FxiOS/144.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iOS"),
    (f"{WINDOWS} {BLINK} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge", "Windows"),
    (f"{ANDROID} {BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android"),
    (f"{WINDOWS} {BLINK} Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0", "Opera", "Windows"),
    (f"{MAC} {BLINK} Chrome/140.0.0.0 Safari/537.36 Vivaldi/7.6.3797.56", "Vivaldi", "macOS"),
    ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer", "Windows"),
    (f"{IPHONE} {WEBKIT} Mobile/15E148 [FBAN/FBIOS;FBAV/532.0.0.55.71;FBDV/iPhone15,2;FBLC/en_GB]", "Facebook", "iOS"),
    (
        f"Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) {BLINK} Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36 "
        "Instagram 403.0.0.45.81 Android",
        "Instagram",
        "Android",
    ),
]

UNLUCKY_TELEPHONES = [
    "CUBOT NOTE 50",
    "IDbot553",
    "CPH2655 Build/AP3A.240617.008",
    "HTC Butterfly s Build/JDQ39",
    "ViewSonic-V350",
    "Lucky Ultra Sonic U8650",
]

MANGLED = [
    (f'"{WINDOWS} {BLINK} Chrome/67.0.3396.99 Safari/537.36', "Chrome", "Windows"),
    (f'{LINUX} "AppleWebKit/537.36" (KHTML, like Gecko) Chrome/141.0.0.0', "Chrome", "Linux"),
    (f'b" "{WINDOWS} {BLINK} Chrome/142.0.0.0 Safari/537.36', "Chrome", "Windows"),
    ('Mozilla/5.0 "the browser" (Windows NT 10.0)"', UNKNOWN, "Windows"),
    ('Mozilla/5.0" 404 NoSuchKey 0 0 1 1 "-" "Nokia', UNKNOWN, UNKNOWN),
    ('Mozilla/5.0 (iPhone; "CPU iPhone OS 18_6) Safari/604.1', "Safari", "iOS"),
    ('"', UNKNOWN, UNKNOWN),
    ("Mozilla/5.0 (Windows NT 10.0) Br\udce9sil/1.0 \udcff\udcfe", UNKNOWN, "Windows"),
    ("Mozilla/5.0 (X11; Linux\u2028x86_64) \x0bGecko\x1c Fire\x85fox/145.0", UNKNOWN, "Linux"),
    ("Mozilla/5.0 [en] (X11; Linux) [fr] Opera/12 \\", UNKNOWN, "Linux"),
]

BOTS = [
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
    ('Mozilla/5.0 (compatible; "Googlebot/2.1"; +http://www.google.com/bot.html)', "Googlebot"),
    (
        f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) {BLINK} Chrome/141.0.7390.122 Mobile Safari/537.36 "
        "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Googlebot",
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
        "+http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
        "bingbot",
    ),
    ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot"),
    ("Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", "SemrushBot"),
    ("Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", "YandexBot"),
    ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "Baiduspider"),
    ("Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)", "PetalBot"),
    ("Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot)", "DotBot"),
    ("DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", "DuckDuckBot"),
    ("Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)", "Slurp"),
    ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "facebookexternalhit"),
    ("Twitterbot/1.0", "Twitterbot"),
    ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot"),
    ("WhatsApp/2.23.20.0", "WhatsApp"),
    (f"{LINUX} {BLINK} HeadlessChrome/140.0.0.0 Safari/537.36", "HeadlessChrome"),
    (f"{MAC} {BLINK} Chrome/137.0.0.0 Safari/537.36 Chrome-Lighthouse", "Chrome-Lighthouse"),
    ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot"),
    ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)", "Feedly"),
    ("curl/8.14.1", "curl"),
    ("Wget/1.25.0", "Wget"),
    ("python-requests/2.32.5", "python-requests"),
    ("python-httpx/0.28.1", "python-httpx"),
    ("Go-http-client/1.1", "Go-http-client"),
    ("okhttp/5.1.0", "okhttp"),
    ("axios/1.12.2", "axios"),
    ("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "node-fetch"),
    ("Scrapy/2.13.3 (+https://scrapy.org)", "Scrapy"),
    ("Java/21.0.8", "Java"),
    ("libwww-perl/6.78", "libwww-perl"),
    ("aws-cli/2.31.10 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7", "aws-cli"),
]

AI_CRAWLERS = [
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)",
        "GPTBot",
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "ClaudeBot",
    ),
    (
        f"{MAC} {BLINK} Chrome/131.0.0.0 Safari/537.36; compatible; OAI-SearchBot/1.3; +https://openai.com/searchbot",
        "OAI-SearchBot",
    ),
    (f"Mozilla/5.0 {BLINK}; compatible; ChatGPT-User/1.0; +https://openai.com/bot", "ChatGPT-User"),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; "
        "+https://perplexity.ai/perplexitybot)",
        "PerplexityBot",
    ),
    ("CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot"),
    (
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 "
        "(compatible; Bytespider; spider-feedback@bytedance.com)",
        "Bytespider",
    ),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Amazonbot/0.1; "
        "+https://developer.amazon.com/support/amazonbot) Chrome/119.0.6045.214 Safari/537.36",
        "Amazonbot",
    ),
    (
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
        "meta-externalagent",
    ),
    (f"{MAC} {WEBKIT} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)", "Applebot"),
]

NEWER_THAN_THE_LIST = [
    ("Mozilla/5.0 (compatible; Quuxbot/0.1)", "Quuxbot"),
    ("Quux/0.1 (+https://www.quux.example/about)", "Quux"),
    (f"{MAC} {BLINK} Chrome/141.0.0.0 Safari/537.36 (+https://quux.example/about)", "quux.example"),
    (f"{MAC} {BLINK} Chrome/141.0.0.0 Safari/537.36 (compatible; +https://quux.example/about)", "quux.example"),
    ("https://www.quux.example/bot", "quux.example"),
    ("(+https://quux.example)", "quux.example"),
]

BESIDE_A_BROWSERS_AGENT = [
    (f"{LINUX} {BLINK} Chrome/119.0.0.0 Safari/537.36 claude-web", "claude-web", "AI training"),
    (f"{MAC} {BLINK} Chrome/139.0.0.0 Safari/537.36 Agent-NovaAct/0.9", "Agent-NovaAct", "AI assistant"),
    (f"{LINUX} {BLINK} Chrome/140.0.0.0 Safari/537.36 Meta-ExternalFetcher/1.1", "Meta-ExternalFetcher", "AI assistant"),
    (f"{LINUX} {BLINK} Chrome/140.0.0.0 Safari/537.36 Quux-User", "Quux-User", "AI assistant"),
    (f"{LINUX} {BLINK} Chrome/122.0.6261.0 Safari/537.36 AlliAI/1.0", "AlliAI", "other"),
    (f"{WINDOWS} {BLINK} Chrome/127.0.0.0 Safari/537.36 Webstatus247/1.0", "Webstatus247", "monitor"),
    (f"{MAC} {BLINK} Chrome/133.0.0.0 Safari/537.36 DebugBear", "DebugBear", "monitor"),
    (f"{WINDOWS} {BLINK} Chrome/123.0.0.0 Safari/537.36 GoogleMessages/15.1", "GoogleMessages", "preview"),
    (f"hey.com/imageproxy {LINUX} {BLINK} Chrome/134.0.0.0 Safari/537.36", "imageproxy", "preview"),
    (f"WP-Compress/SaaS {MAC} {BLINK} Chrome/129.0.0.0 Safari/537.36", "WP-Compress", "other"),
    (f"quux.example/a {MAC} {BLINK} Chrome/129.0.0.0 Safari/537.36", "quux.example", "other"),
    (f"User-Agent: {WINDOWS} {BLINK} Chrome/129.0.0.0 Safari/537.36", "User-Agent", "other"),
    (f"{LINUX} {BLINK} Chrome/105.0.0.0 Safari/537.36 https://linkpeek.com", "linkpeek.com", "other"),
    ("Mozilla/5.0 (Windows NT 10.0; http://temnos.com; rv:110.0) Gecko/20100101 Firefox/110.0", "temnos.com", "other"),
    ("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; Trident/6.0) LinkCheck by Siteimprove", "LinkCheck", "other"),
    (f"{LINUX} {BLINK} WordPress.com mShots Safari/537.36", "mShots", "other"),
    (f"{LINUX} {BLINK} wkhtmltopdf Safari/537.36", "wkhtmltopdf", "other"),
    ("Mozilla/4.0 (Windows 10 10.0) Java/1.8.0_351", "Java", "library"),
    (
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0E; ms-office; MSOffice 16)",
        "ms-office",
        "preview",
    ),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Word/14.62.0", "Word", "preview"),
]

WATCHES_SITES = [
    (
        "Amazon-Route53-Health-Check-Service (ref 0123abcd-89ab-4cde-8f01-23456789abcd; report http://amzn.to/1vsZADi)",
        "Amazon-Route53-Health-Check-Service",
    ),
    ("ELB-HealthChecker/2.0", "ELB-HealthChecker"),
    ("GoogleHC/1.0", "GoogleHC"),
    ("GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)", "GoogleStackdriverMonitoring"),
    ("NewRelicPinger/1.0 (1234)", "NewRelicPinger"),
    ("jetmon/1.0 (Jetpack Site Uptime Monitor by WordPress.com)", "jetmon"),
    ("kube-probe/1.29", "kube-probe"),
    ("Edge Health Probe", "Edge Health Probe"),
    ("Uptime-Kuma/1.23.11", "Uptime-Kuma"),
    ("check_http/v2.3.3 (nagios-plugins 2.3.3)", "check_http"),
    ("Mozilla/5.0 (compatible;Cloudflare-Healthchecks/1.0;+https://www.cloudflare.com/)", "Cloudflare-Healthchecks"),
    (f"{WINDOWS} {BLINK} Chrome/140.0.0.0 Safari/537.36 PingdomPageSpeed/1.0", "PingdomPageSpeed"),
    (f"{WINDOWS} {BLINK} Chrome/140.0.0.0 Safari/537.36 (StatusCake)", "StatusCake"),
    (f"{LINUX} {BLINK} Chrome/140.0.0.0 Safari/537.36 CloudWatchSynthetics/arn:aws", "CloudWatchSynthetics"),
]

NO_BROWSER = [
    ("node", "node"),
    ("undici", "undici"),
    ("GuzzleHttp/7", "GuzzleHttp"),
    ("Faraday v2.7.4", "Faraday"),
    ("hackney/1.18.1", "hackney"),
    ("MyApp/1 CFNetwork/1410 Darwin/22", "MyApp"),
    ("Dalvik/2.1.0 (Linux; U; Android 9; Pixel 3 Build/PQ1A)", "Dalvik"),
    ("Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.19045; en-US) PowerShell/7.4.0", "PowerShell"),
    ("Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)", "WinHttp"),
    ("Mozilla/5.0", "Mozilla/5.0"),
    ("Mozilla/5.0 (compatible)", "Mozilla/5.0"),
    *(
        (agent, "Mozilla/5.0")
        for agent in (LINUX, WINDOWS, MAC, IPHONE, ANDROID, f"{LINUX} ", "Mozilla/5.0 (Linux; U; Android 9)")
    ),
    ("Mozilla/5.0 Jorgee", "Jorgee"),
    ("Mozilla/5.0 (compatible; Quux/1.2)", "Quux"),
    ("Mozilla/5.0 (compatible; Ezooms/1.0; help@moz.com)", "Ezooms"),
    (f"{WINDOWS} {BLINK} Chrome/55.0.2883.87 Safari/537.36 root@quux.example", "quux.example"),
    ("BoardReader Favicon Fetcher /1.0 info@boardreader.com", "BoardReader Favicon Fetcher"),
    ("a", "a"),
]

LINK_PREVIEWS = [
    ("Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)", "Cardyb"),
    ("Pleroma 2.6.2; https://social.example <admin@social.example>", "Pleroma"),
    ("Akkoma 3.10.4; https://social.example <admin@social.example>", "Akkoma"),
    ("Hubzilla 8.8; https://social.example", "Hubzilla"),
    ("PeerTube/6.0.0 (+https://video.example)", "PeerTube"),
    ("Viber/13.0.1", "Viber"),
    ("TelegramBot (like TwitterBot)", "TelegramBot"),
    ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Discordbot"),
    ("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "SkypeUriPreview"),
    ("Slack-ImgProxy (+https://api.slack.com/robots)", "Slack-ImgProxy"),
    ("Microsoft Teams Link Preview", "Link Preview"),
    (
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) {WEBKIT} Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 "
        "Facebot Twitterbot/1.0",
        "facebookexternalhit",
    ),
]

BROWSERS_OF_THEIR_OWN_NAME = [
    "Lynx/2.9.0dev.10 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8",
    "w3m/0.5.3+git20230121",
    "Emacs-w3m/1.4.632 w3m/0.5.3",
    "URL/Emacs Emacs/29.1 (X11; x86_64-pc-linux-gnu)",
    "Links (2.28; Linux 6.1 x86_64; GNU C 12.2; text)",
    "ELinks/0.16.1.1 (textmode; Linux; 80x24-2)",
    "Dillo/3.0.5",
    "NetSurf/3.10 (Linux)",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1/191.337; U; en) Presto/2.12.423 Version/12.16",
    "UCWEB/2.0 (MIDP-2.0; U; Adr 4.4.2; en-US; T708B) U2/1.0.0 UCBrowser/10.2.1.612 U2/1.0.0 Mobile",
    "BlackBerry8520/5.0.0.681 Profile/MIDP-2.1 Configuration/CLDC-1.1 VendorID/600",
    "NokiaN73-2/3.0-630.0.2 Series60/3.0 Profile/MIDP-2.0 Configuration/CLDC-1.1",
    "SonyEricssonU10/R1x Browser/NetFront/3.5 Profile/MIDP-2.1 Configuration/CLDC-1.1",
    "SAMSUNG-GT-S5620/1.0 SHP/VPP/R5 Dolfin/1.5 Nextreaming SMM-MMS/1.2.0",
    "KDDI-CA3H UP.Browser/6.2_7.2.7.1.K.5.214 (GUI) MMP/2.0",
    "Mozilla/5.0 (compatible; Konqueror/4.5; Linux) KHTML/4.5.4 (like Gecko)",
    "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
    "Mozilla/4.5 (compatible; iCab 2.9.8; Macintosh; U; PPC)",
    "Mozilla/4.08 [en] (Win98; I ;Nav)",
    "Mozilla/4.7 (Macintosh; I; PPC)",
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
    "Mozilla/5.0 (Windows; U; MSIE 9.0; Windows NT 9.0; en-US)",
    "Mozilla/5.0 (Windows NT 6.1; MSIE 9.0)",
    "Mozilla/5.0 (PLAYSTATION 3; 1.00)",
    "Mozilla/5.0 (compatible; Teleca Q7; Brew 3.1.5; U; en) 240X400 LGE LG700",
    "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1; http://bsalsa.com)",
    "MQQBrowser/1.0/Mozilla/5.0 (Windows NT 6.2; ARM; Trident/7.0; Touch; rv:11.0; WPDesktop; NOKIA; Lumia 920) like Gecko",
]

IN_APPS = [
    f"{WINDOWS} {BLINK} Slack/4.4.2 Chrome/78.0.3904.130 Electron/7.2.1 Safari/537.36 WindowsStore/10.0 Sonic Slack_SSB/4.4.2",
    f"{MAC} {BLINK} Cursor/3.0.12 Chrome/142.0.7444.265 Electron/39.8.1 Safari/537.36",
    f"{WINDOWS} {BLINK} Code/1.115.0 Chrome/142.0.7444.265 Electron/39.8.5 Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 7.1.2; G011A; wv) {BLINK} Version/4.0 Chrome/66.0.3359.158 Safari/537.36 Viber/11.9.5.8",
    f"Mozilla/5.0 (Linux; Android 16; Pixel 10; wv) {BLINK} Version/4.0 Chrome/146.0.0.0 Mobile Safari/537.36 MetaIAB Facebook",
    f"{IPHONE} {WEBKIT} Mobile/15E148 Snapchat/12.60.0.29 (like Safari/8616.2.9.10.9, panda)",
    f"Mozilla/5.0 (Linux; Android 14; SM-S918B; wv) {BLINK} Version/4.0 Chrome/120.0 Mobile Safari/537.36 [Pinterest/Android]",
    f"Mozilla/5.0 (Linux; Android 14; SM-S918B; wv) {BLINK} Version/4.0 Chrome/124.0 Mobile Safari/537.36 CamScanner/4.8.5",
]


@pytest.mark.parametrize(("user_agent", "browser", "system"), PEOPLE)
def test_a_persons_browser_and_system_are_named_as_people_call_them(user_agent, browser, system):
    assert know_agent(user_agent)[:3] == ("", browser, system)


# What says which version, and of which it is the oldest that it can be.
VERSIONS = [
    (f"{IPHONE} {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1".replace("18_6", "17_5"), "Safari 17.5", "iOS 17.5"),
    (f"{IPHONE} {WEBKIT} Version/26.0 Mobile/15E148 Safari/604.1", "Safari 26", "iOS 18.6+"),
    (f"{WINDOWS} {BLINK} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.86", "Edge 131", "Windows 10+"),
    ("Mozilla/5.0 (Windows NT 6.3; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox 115", "Windows 8.1"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "Firefox 131", "Android 14"),
    (f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome 131", "Android 10+"),
    ("Mozilla/5.0 (X11; Ubuntu 20.04; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "Firefox 115", "Linux"),
    ("-/-", UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("user_agent", "browser", "system"), VERSIONS)
def test_a_version_is_as_people_say_it_and_no_newer_than_is_sure(user_agent, browser, system):
    assert know_agent(user_agent)[3:] == (browser, system)


def test_a_version_that_somebody_made_up_is_as_short_as_any_name():
    made_up = know_agent(f"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/{'9' * 300}.0").browser_version

    assert made_up.startswith("Firefox 9")
    assert len(made_up) == LONGEST_NAME


@pytest.mark.parametrize(("user_agent", "browser", "system"), MANGLED)
def test_quotes_and_odd_bytes_make_nobody_a_bot(user_agent, browser, system):
    assert know_agent(user_agent)[:3] == ("", browser, system)


@pytest.mark.parametrize("telephone", UNLUCKY_TELEPHONES)
def test_a_telephone_with_a_bots_word_in_its_name_is_a_persons(telephone):
    user_agent = f"Mozilla/5.0 (Linux; Android 13; {telephone}) {BLINK} Chrome/140.0.0.0 Mobile Safari/537.36"

    assert know_agent(user_agent)[:3] == ("", "Chrome", "Android")


@pytest.mark.parametrize("user_agent", ["Nokia", "-/-", '"'])
def test_who_says_too_little_to_be_known_is_a_person(user_agent):
    assert know_agent(user_agent).bot == ""


@pytest.mark.parametrize(("user_agent", "name"), BOTS)
def test_a_bot_has_the_name_that_people_know_it_by(user_agent, name):
    assert know_agent(user_agent) == Agent(name, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(("user_agent", "name"), AI_CRAWLERS)
def test_who_reads_for_an_ai_is_known_by_name(user_agent, name):
    assert know_agent(user_agent).bot == name


@pytest.mark.parametrize(("user_agent", "name", "kind"), BESIDE_A_BROWSERS_AGENT)
def test_what_only_adds_its_name_to_a_browsers_agent_is_a_bot(user_agent, name, kind):
    assert (know_agent(user_agent).bot, bot_class(user_agent)) == (name, kind)


@pytest.mark.parametrize(("user_agent", "name"), WATCHES_SITES)
def test_what_watches_a_site_is_a_bot(user_agent, name):
    assert know_agent(user_agent) == Agent(name, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(("user_agent", "name"), NO_BROWSER)
def test_what_no_browser_calls_itself_is_a_bot(user_agent, name):
    assert know_agent(user_agent) == Agent(name, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(("user_agent", "name"), LINK_PREVIEWS)
def test_what_shows_a_link_before_anyone_opens_it_is_a_bot(user_agent, name):
    assert know_agent(user_agent) == Agent(name, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize("user_agent", BROWSERS_OF_THEIR_OWN_NAME)
def test_a_browser_that_claims_to_be_no_other_is_a_persons(user_agent):
    assert know_agent(user_agent).bot == ""


@pytest.mark.parametrize("user_agent", IN_APPS)
def test_a_page_opened_within_an_app_is_a_persons(user_agent):
    assert know_agent(user_agent).bot == ""


@pytest.mark.parametrize(("user_agent", "name"), NEWER_THAN_THE_LIST)
def test_a_bot_that_the_list_lacks_gives_itself_away(user_agent, name):
    assert know_agent(user_agent).bot == name


@pytest.mark.parametrize("user_agent", [None, ""])
def test_who_sends_no_agent_is_a_bot(user_agent):
    assert know_agent(user_agent).bot == "(no user agent)"


@given(st.text(max_size=2000) | st.text(st.characters(categories=["Cs"])))
@example("bot" * 10_000)
@example("\udcff" * 300 + "/1.0 CFNetwork/1.0")
@example("+http://")
def test_whatever_is_sent_every_name_is_short_printable_and_there(user_agent):
    agent = know_agent(user_agent)

    assert agent.browser
    assert agent.system
    assert all(len(name) <= LONGEST_NAME and name.isprintable() for name in agent)


def test_the_owners_patterns_are_searched_without_regard_to_case():
    own = own_bots(["my-?monitor", "^deploy"])

    def is_own_bot(user_agent: str) -> bool:
        return any(pattern.search(user_agent) for pattern in own)

    assert is_own_bot("Mozilla/5.0 MyMonitor/2")
    assert is_own_bot("Deploy check")
    assert not is_own_bot("Mozilla/5.0 (not a deploy)")


@pytest.mark.parametrize("pattern", ["my(bot", ""])
def test_a_pattern_that_cannot_be_is_refused_by_name(pattern):
    with pytest.raises(ConfigError, match=f"the bot pattern '{pattern}'".replace("(", r"\(")):
        own_bots(["fine", pattern])


def test_agents_that_a_scanner_numbers_at_their_end_are_looked_at_once():
    know_agent("bota" * 250)
    looked_at = agents._known.cache_info().misses

    found = {know_agent("bota" * 250 + str(number)) for number in range(2000)}

    assert len(found) == 1
    assert agents._known.cache_info().misses == looked_at
