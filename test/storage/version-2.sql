-- A database as the version before the ledger and the archive left it when it was killed.
PRAGMA user_version = 2;
BEGIN;
CREATE TABLE jobs (
    code TEXT NOT NULL PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    door TEXT NOT NULL,
    parent TEXT,
    accepted TEXT NOT NULL,
    state TEXT NOT NULL,
    recipe TEXT,
    notices TEXT NOT NULL,
    error TEXT,
    delivery TEXT NOT NULL,
    delivery_state TEXT NOT NULL,
    private INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
  ) STRICT;
CREATE TABLE pictures (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL REFERENCES jobs (code) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    hash TEXT,
    link TEXT,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (job, number)
  ) STRICT;
CREATE TABLE charges (
    requester TEXT NOT NULL,
    span TEXT NOT NULL,
    since INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (requester, span, since)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
    scope TEXT PRIMARY KEY,
    values_json TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE platform_files (
    picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    use TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (picture, use)
  ) STRICT, WITHOUT ROWID;

-- done over HTTP with a key; its words say more than words
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-NPGSGVGNYY', 'http:anna', 'done-key', '73791ea2cd85c432988b7eb737fd20f130b74fdb8910731896e51148bc33611a', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"一只猫 \u0000 ''reading'' --seed 7 --no dogs, “雨” --cfg 6.5 --wat","size":"auto","quality":"low"},"asked":{"words":"一只猫  ''reading'' --seed 7 --no dogs, “雨” --cfg 6.5 --wat","prompt":"一只猫  ''reading'' --wat","negative":"dogs, “雨”","model":"Z-Image","size":{"kind":"open"},"seed":7,"count":1,"enhance":true,"extras":{},"given":["seed","negative","guidance"],"notices":[{"code":"unknown-flag","flag":"--wat"}],"quality":"low","guidance":6.5}}', 'done', '{"words":"一只猫  ''reading'' --seed 7 --no dogs, “雨” --cfg 6.5 --wat","prompt":"A cat 🐈‍⬛ reading, \"一只猫  ''reading'' --wat\" \u0000 ''; --","negative":"dogs, “雨”","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"16:9","quality":"low","seed":7,"steps":6,"guidance":6.5,"extras":{},"wording":{"prompt":"A cat 🐈‍⬛ reading, \"一只猫  ''reading'' --wat\" \u0000 ''; --","suggestedRatio":"16:9","enhancement":{"status":"enhanced","model":"gpt-4o-mini","usage":{"promptTokens":321,"completionTokens":57}}},"madeBy":"Z-Image-Turbo"}', '[{"code":"unknown-flag","flag":"--wat"}]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201600000, 1791201600000, 1791201600700);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('af8babe2f3dc41eaa571d53d7253cf79', 'zi-NPGSGVGNYY', 1, '3bf48709b1f59126239423ef2d05be1a755d290c31c402976a866e622510ace3', 'null', 'png', 64, 64, 235, 7, 1791201600700);

-- done over HTTP, two pictures
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-TKTZZW7YEV', 'http:anna', NULL, 'fb8d8ca3f9942e193f1fe3402b50f6614eb54f6f859d01b7a020cbf79f362633', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"two cats, slow","steps":99,"count":2,"extras":{"sampler":"euler","size":3}},"asked":{"words":"two cats, slow","prompt":"two cats, slow","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1001,"count":2,"enhance":true,"extras":{"sampler":"euler","size":3},"given":["steps"],"notices":[],"steps":99}}', 'done', '{"words":"two cats, slow","prompt":"two cats, slow","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1001,"steps":50,"guidance":7,"extras":{"sampler":"euler"},"wording":{"prompt":"two cats, slow","enhancement":{"status":"failed","reason":"timed-out"}},"madeBy":"Z-Image-Turbo"}', '[{"code":"enhancement-failed","reason":"timed-out"},{"code":"value-adjusted","hint":"steps","asked":99,"made":50},{"code":"parameter-ignored","parameter":"size","model":"Z-Image"}]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201601700, 1791201601700, 1791201603100);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('f526865438b842eda7356751f0d74396', 'zi-TKTZZW7YEV', 1, 'cd3472c836b70a60ef88270d3611ecd4dc01cf2aa9abac39b6d0352c67ae6481', 'null', 'png', 64, 64, 236, 1001, 1791201603100);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('fcdc040fc0c04cccb083396bc46d3316', 'zi-TKTZZW7YEV', 2, 'f9be609d2931232a3cac7c4331bfded2e468d13df73d93ea433e17d19467fb65', 'null', 'png', 64, 64, 236, 1002, 1791201603100);

-- done over HTTP, in the same millisecond as the next
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-0CHWKRG6BX', 'http:anna', NULL, '3f8a06f8c14de8feb2101a182ae0b1cfefa2185cfae7778650467d28d6b2c2b5', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"a fox"},"asked":{"words":"a fox","prompt":"a fox","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1002,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'done', '{"words":"a fox","prompt":"a fox","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1002,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a fox","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201604100, 1791201604100, 1791201605500);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('bcd94d36322d4fefa456a92774ec3212', 'zi-0CHWKRG6BX', 1, 'f9be609d2931232a3cac7c4331bfded2e468d13df73d93ea433e17d19467fb65', 'null', 'png', 64, 64, 236, 1002, 1791201605500);

-- done over HTTP, in the same millisecond as the one before
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-AJ0SK5V1FQ', 'http:anna', NULL, '3f8a06f8c14de8feb2101a182ae0b1cfefa2185cfae7778650467d28d6b2c2b5', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"a fox"},"asked":{"words":"a fox","prompt":"a fox","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1003,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'done', '{"words":"a fox","prompt":"a fox","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1003,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a fox","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201604100, 1791201604800, 1791201605500);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('eefef874db31413dbcbf3f5f3b874d71', 'zi-AJ0SK5V1FQ', 1, '5df03174b2c349f786a1c7d6041922fa023043380b7cddbf2f7b76ff282778ac', 'null', 'png', 64, 64, 236, 1003, 1791201605500);

-- done over HTTP, its picture only linked to
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-HX7BFRVKSQ', 'http:anna', NULL, 'eb6030ce2aeaa6372e8d2c8a3c68f638f8a9f6e8d3d6c94e5f23d5ecec6b3423', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"a linked dog","width":640,"height":480},"asked":{"words":"a linked dog","prompt":"a linked dog","negative":"","model":"Z-Image","size":{"kind":"exact","width":640,"height":480},"seed":1004,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'done', '{"words":"a linked dog","prompt":"a linked dog","negative":"","model":"Z-Image","provider":"easel","width":640,"height":480,"ratio":"Custom","seed":1004,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a linked dog","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201606500, 1791201606500, 1791201607200);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('208a1bd0d28744adacd67b1998424827', 'zi-HX7BFRVKSQ', 1, NULL, '{"url":"https://pictures.example/1004.png","trustedOrigin":"https://pictures.example"}', 'png', 640, 480, 0, 1004, 1791201607200);

-- failed over HTTP
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-03PN5NT4CA', 'http:anna', 'failed-key', '8711e36a26a7598cb2209f2fa8246017d9ec816cc5a6f33b23b5bc39048e1a39', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"a failure"},"asked":{"words":"a failure","prompt":"a failure","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1005,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'failed', '{"words":"a failure","prompt":"a failure","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1005,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a failure","enhancement":{"status":"off"}}}', '[]', '{"code":"provider-failed","details":{"provider":"easel","fault":"server-error","transient":false,"paid":true},"message":"502 from the service"}', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201608200, 1791201608200, 1791201608900);

-- cancelled over HTTP; one of its pictures came late
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-Z293MA72M3', 'http:anna', NULL, '6a69a9f7cde409d95766adb17b641d7d92a2d849fff9f91d8c3c3ed7984fea36', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"a cancelled picture","count":2},"asked":{"words":"a cancelled picture","prompt":"a cancelled picture","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1006,"count":2,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'cancelled', '{"words":"a cancelled picture","prompt":"a cancelled picture","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1006,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a cancelled picture","enhancement":{"status":"off"}}}', '[]', '{"code":"cancelled","details":{"by":"caller"},"message":"cancelled {\"by\":\"caller\"}"}', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201609900, 1791201609900, 1791201611300);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('d20dd727d95246378ed1d07895e5eb7e', 'zi-Z293MA72M3', 1, 'b76aa0a9f77ebb9ac94557f54c5c0f952ffa99270f5a37a3a7ccb24521645c2f', 'null', 'png', 64, 64, 236, 1006, 1791201611800);

-- done over HTTP, private, behind a spoiler
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-9FCHCD7WP2', 'http:anna', NULL, 'babc98fd2038b2a4025b241c454cce50ed5233ed5395ef621b366b5ba791d5bf', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"a private matter, blood"},"asked":{"words":"a private matter, blood","prompt":"a private matter, blood","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1007,"count":1,"enhance":true,"extras":{},"given":[],"notices":[],"spoiler":true}}', 'done', '{"words":"a private matter, blood","prompt":"a private matter, blood","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1007,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a private matter, blood","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 1, 1, 1791201612800, 1791201612800, 1791201613500);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('20f72ce1f6a949b186020e0b299ee8ec', 'zi-9FCHCD7WP2', 1, '7b5375a2eb19f4954d5bc10fcfaf5d4e3feb2c1bd15b37bae1f89336d41507bd', 'null', 'png', 64, 64, 236, 1007, 1791201613500);

-- made again from the first by another
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-DGF8B1D05Y', 'http:ben', NULL, 'b3501a7ecc6192b2f39e20993ed59ab9968e42b53bb3be8367852f6c7c87de73', 'http', 'zi-NPGSGVGNYY', '{"requester":{"id":"http:ben"},"request":{"prompt":"一只猫 \u0000 ''reading'' --seed 7 --no dogs, “雨” --cfg 6.5 --wat","size":"auto","quality":"low"},"asked":{"words":"一只猫  ''reading'' --seed 7 --no dogs, “雨” --cfg 6.5 --wat","prompt":"一只猫  ''reading'' --wat","negative":"dogs, “雨”","model":"Z-Image","size":{"kind":"ratio","ratio":"3:4"},"seed":1008,"count":1,"enhance":true,"extras":{},"given":["seed","negative","guidance"],"notices":[{"code":"unknown-flag","flag":"--wat"}],"quality":"low","guidance":6.5,"wording":{"prompt":"A cat 🐈‍⬛ reading, \"一只猫  ''reading'' --wat\" \u0000 ''; --","suggestedRatio":"16:9","enhancement":{"status":"enhanced","model":"gpt-4o-mini","usage":{"promptTokens":321,"completionTokens":57}}}}}', 'done', '{"words":"一只猫  ''reading'' --seed 7 --no dogs, “雨” --cfg 6.5 --wat","prompt":"A cat 🐈‍⬛ reading, \"一只猫  ''reading'' --wat\" \u0000 ''; --","negative":"dogs, “雨”","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"3:4","quality":"low","seed":1008,"steps":6,"guidance":6.5,"extras":{},"wording":{"prompt":"A cat 🐈‍⬛ reading, \"一只猫  ''reading'' --wat\" \u0000 ''; --","suggestedRatio":"16:9","enhancement":{"status":"enhanced","model":"gpt-4o-mini","usage":{"promptTokens":321,"completionTokens":57}}},"madeBy":"Z-Image-Turbo"}', '[{"code":"unknown-flag","flag":"--wat"}]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201614500, 1791201614500, 1791201615200);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('8d30541833a84979a266c121ddfbb3d8', 'zi-DGF8B1D05Y', 1, '7f647019dcbdba12c871f10d1ed13f2a05a144737352397d5872943c08a0d369', 'null', 'png', 64, 64, 236, 1008, 1791201615200);

-- an edit of the first one's picture
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-BN7PX7T51V', 'http:anna', NULL, 'f5ac41dadf865d62aaf43e6e7fe42b1ab66fc19abc62ea3b92758222e62c4e0c', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"no hat","enhance":false,"source":"af8babe2f3dc41eaa571d53d7253cf79"},"asked":{"words":"no hat","prompt":"no hat","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1009,"count":1,"enhance":false,"extras":{},"given":[],"notices":[],"source":"af8babe2f3dc41eaa571d53d7253cf79"}}', 'done', '{"words":"no hat","prompt":"no hat","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1009,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"no hat","enhancement":{"status":"declined"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201616200, 1791201616200, 1791201616900);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('2d5bbd485c9a4bcc9d35d44ec42391e5', 'zi-BN7PX7T51V', 1, '3afe1f29f50649ca5f62fed892bebaba0c98359cbcc22358d5a72ba0501ff4f0', 'null', 'png', 64, 64, 236, 1009, 1791201616900);

-- done and delivered in Telegram
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-19SDECQFR1', 'telegram:7', 'telegram:message:-100123:41', 'd026e2304d0f0532bacd93c41a83757f59880f7ea4173c215dd9f16c4e54d27a', 'telegram', NULL, '{"requester":{"id":"telegram:7","locale":"zh-CN"},"request":{"prompt":"/draw 一只猫 比例 16:9"},"asked":{"words":"/draw 一只猫 比例 16:9","prompt":"/draw 一只猫","negative":"","model":"Z-Image","size":{"kind":"ratio","ratio":"16:9"},"seed":1010,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'done', '{"words":"/draw 一只猫 比例 16:9","prompt":"A cat 🐈‍⬛ reading, \"/draw 一只猫\" \u0000 ''; --","negative":"","model":"Z-Image","provider":"easel","width":128,"height":72,"ratio":"16:9","seed":1010,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"A cat 🐈‍⬛ reading, \"/draw 一只猫\" \u0000 ''; --","suggestedRatio":"16:9","enhancement":{"status":"enhanced","model":"gpt-4o-mini","usage":{"promptTokens":321,"completionTokens":57}}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"telegram","place":{"chat":-100123,"message":41,"user":7,"private":false},"state":"delivered","sends":{"status":{"begunAt":1791201618600,"answer":{"chat":-100123,"message":42}},"original 1":{"begunAt":1791201618900,"answer":{"chat":-100123,"message":43,"file":"AgACAgI\u0000🐈"}}}}', 'delivered', 0, 1, 1791201617900, 1791201617900, 1791201618600);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('ab1af895096043cd86f03dca8014cb26', 'zi-19SDECQFR1', 1, '3b369c340fed167ca5832fe44a15e9f9709bfbb7dc597808158fec488f1be7f6', 'null', 'png', 128, 72, 343, 1010, 1791201618600);

-- done in Telegram, whose message was gone
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-PMAQV0603Y', 'telegram:7', 'telegram:message:-100123:50', 'ed109678b1938576eff7cc682191ac57a1c34f64532246f835ebe13d508add7f', 'telegram', NULL, '{"requester":{"id":"telegram:7","locale":"zh-CN"},"request":{"prompt":"a fish"},"asked":{"words":"a fish","prompt":"a fish","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1011,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'done', '{"words":"a fish","prompt":"a fish","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1011,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a fish","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"telegram","place":{"chat":-100123,"message":41,"user":7,"private":false},"state":"gone","sends":{"status":{"begunAt":1791201620600,"answer":{"chat":-100123,"message":42}}}}', 'gone', 0, 1, 1791201619900, 1791201619900, 1791201620600);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('0b19b54a587e44e0844d4f34015c89cc', 'zi-PMAQV0603Y', 1, '333d81667fb24d0c78799c03b3db8d7561a9ced3dd8f063cd48c97db24906138', 'null', 'png', 64, 64, 236, 1011, 1791201620600);

-- done in Discord and not delivered; a send began, and its answer is not known
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-FD7YZFV462', 'discord:13', 'discord:interaction:12', 'b3ec42780d468463a279397650f23a4e484cf9a7c1d39efce461bc824c2592b7', 'discord', NULL, '{"requester":{"id":"discord:13","locale":"en-US"},"request":{"prompt":"a discordant cat"},"asked":{"words":"a discordant cat","prompt":"a discordant cat","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1012,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'done', '{"words":"a discordant cat","prompt":"a discordant cat","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1012,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"a discordant cat","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"discord","place":{"application":"11","interaction":"12","token":"aW50ZXJhY3Rpb24","user":"13","channel":"14","guild":"15","bot":true,"restricted":false,"fileBytes":10485760},"state":"open","sends":{"acknowledge":{"begunAt":1791201622300,"answer":null},"channel":{"begunAt":1791201622300}}}', 'open', 0, 1, 1791201621600, 1791201621600, 1791201622300);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('0befaabafb99427fb63ffc07d6d5f467', 'zi-FD7YZFV462', 1, 'ebfed98ea282f1417d04d33e11a8b36127a35eca47bec59e394e0b73d0c6befd', 'null', 'png', 64, 64, 236, 1012, 1791201622300);

-- running over HTTP: one of its two pictures is there
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-TTH0RABPDH', 'http:anna', 'running-key', '6a5ecd8fd9529611cd55290e0f610cc82dfd832d916fbaddb1001aaa5856ef78', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"one of two ratio 3:4","seed":5,"count":2},"asked":{"words":"one of two ratio 3:4","prompt":"one of two","negative":"","model":"Z-Image","size":{"kind":"ratio","ratio":"3:4"},"seed":5,"count":2,"enhance":true,"extras":{},"given":["seed"],"notices":[]}}', 'running', '{"words":"one of two ratio 3:4","prompt":"one of two","negative":"","model":"Z-Image","provider":"easel","width":96,"height":128,"ratio":"3:4","seed":5,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"one of two","enhancement":{"status":"off"}}}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201623300, 1791201623300, NULL);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('1389e78fc6d34deaaac2aa169e804972', 'zi-TTH0RABPDH', 1, '80b838df2dde16657ff1a624184107c42381f8264cb25c47ff05b9c4334bf79e', 'null', 'png', 96, 128, 410, 5, 1791201624700);

-- running in Telegram, with its status message
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-EJW6C4EGN4', 'telegram:7', 'telegram:message:-100123:60', '9cda5da23ef4ae91499cf129a00189749a8f9fbaa964661eff918186daa60c96', 'telegram', NULL, '{"requester":{"id":"telegram:7","locale":"zh-CN"},"request":{"prompt":"begun in the chat"},"asked":{"words":"begun in the chat","prompt":"begun in the chat","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1013,"count":1,"enhance":true,"extras":{},"given":[],"notices":[]}}', 'running', '{"words":"begun in the chat","prompt":"begun in the chat","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":1013,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"begun in the chat","enhancement":{"status":"off"}}}', '[]', 'null', '{"door":"telegram","place":{"chat":-100123,"message":41,"user":7,"private":false},"state":"open","sends":{"status":{"begunAt":1791201626400,"answer":{"chat":-100123,"message":61}}}}', 'open', 0, 1, 1791201625700, 1791201625700, NULL);

-- queued over HTTP, with a key
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-QDE0MSCWC2', 'http:anna', 'queued-key', 'ac1b1151e6327dc4f165c6183b8e33a2748e6f2dba96e98065285d9415e5fda7', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"一只猫 waits --raw"},"asked":{"words":"一只猫 waits --raw","prompt":"一只猫 waits","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":1014,"count":1,"enhance":false,"extras":{},"given":[],"notices":[]}}', 'queued', 'null', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 0, 1791201627400, NULL, NULL);

-- running over HTTP: all its pictures are there, its end is not
INSERT INTO jobs (code, requester, key, fingerprint, door, parent, accepted, state, recipe, notices, error, delivery, delivery_state, private, attempts, created_at, started_at, finished_at)
  VALUES ('zi-AVYPQ5DWX6', 'http:anna', 'all-there-key', 'a3e46d2e21cf170a10026e27055d2705396d33cc31825a036b10ddef5daac499', 'http', NULL, '{"requester":{"id":"http:anna"},"request":{"prompt":"all there","seed":11},"asked":{"words":"all there","prompt":"all there","negative":"","model":"Z-Image","size":{"kind":"open"},"seed":11,"count":1,"enhance":true,"extras":{},"given":["seed"],"notices":[]}}', 'running', '{"words":"all there","prompt":"all there","negative":"","model":"Z-Image","provider":"easel","width":64,"height":64,"ratio":"1:1","seed":11,"steps":8,"guidance":7,"extras":{},"wording":{"prompt":"all there","enhancement":{"status":"off"}},"madeBy":"Z-Image-Turbo"}', '[]', 'null', '{"door":"http","place":null,"state":"open","sends":{}}', 'open', 0, 1, 1791201628400, 1791201628400, NULL);
INSERT INTO pictures (id, job, number, hash, link, format, width, height, bytes, seed, created_at)
  VALUES ('5f7dd28a46d34033947486d9a99bfab2', 'zi-AVYPQ5DWX6', 1, 'faa03ae393b1b9f962923d2fcb8136038bbad6c082945d6780730b7dc29c23c2', 'null', 'png', 64, 64, 235, 11, 1791201629100);

INSERT INTO charges (requester, span, since, count)
  VALUES ('discord:13', 'day', 1791158400000, 1);
INSERT INTO charges (requester, span, since, count)
  VALUES ('discord:13', 'minute', 1791201600000, 1);
INSERT INTO charges (requester, span, since, count)
  VALUES ('http:anna', 'day', 1791158400000, 13);
INSERT INTO charges (requester, span, since, count)
  VALUES ('http:anna', 'minute', 1791201600000, 13);
INSERT INTO charges (requester, span, since, count)
  VALUES ('http:ben', 'day', 1791158400000, 1);
INSERT INTO charges (requester, span, since, count)
  VALUES ('http:ben', 'minute', 1791201600000, 1);
INSERT INTO charges (requester, span, since, count)
  VALUES ('telegram:7', 'day', 1791158400000, 3);
INSERT INTO charges (requester, span, since, count)
  VALUES ('telegram:7', 'minute', 1791201600000, 3);

INSERT INTO settings (scope, values_json)
  VALUES ('telegram:7', '{"ratio":"3:4","enhance":false,"language":"zh-CN"}');
INSERT INTO settings (scope, values_json)
  VALUES ('telegram:chat:-100123', '{"model":"Z-Image","quality":"hd"}');

INSERT INTO platform_files (picture, use, reference)
  VALUES ('ab1af895096043cd86f03dca8014cb26', 'telegram:110201543:document', 'BQACAgIAAxkDAAIB');
INSERT INTO platform_files (picture, use, reference)
  VALUES ('ab1af895096043cd86f03dca8014cb26', 'telegram:110201543:photo', 'AgACAgIAAxkDAAIB');

CREATE UNIQUE INDEX jobs_by_key ON jobs (requester, key) WHERE key IS NOT NULL;
CREATE INDEX jobs_by_fingerprint ON jobs (fingerprint, created_at);
CREATE INDEX jobs_by_requester ON jobs (requester, created_at);
CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_undelivered ON jobs (door, created_at)
    WHERE delivery_state = 'open' AND finished_at IS NOT NULL;
CREATE INDEX pictures_by_hash ON pictures (hash, bytes) WHERE hash IS NOT NULL;
CREATE INDEX pictures_by_age ON pictures (created_at) WHERE hash IS NOT NULL;
CREATE INDEX charges_by_age ON charges (since);
COMMIT;
