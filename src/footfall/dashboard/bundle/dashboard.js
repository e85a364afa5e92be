/* Made by scripts/bundle_dashboard.py from 32 files: 0d3ae639135d84ea07e7f18e214cdf69147df3eca2c9729ce84ebf1a5c131ac2 */
/*! https://github.com/leeoniya/uPlot (v1.6.32) */
var uPlot=function(){"use strict";const l="u-off",e="u-label",t="width",n="height",i="top",o="bottom",s="left",r="right",u="#000",a=u+"0",f="mousemove",c="mousedown",h="mouseup",d="mouseenter",p="mouseleave",m="dblclick",g="change",x="dppxchange",w="--",_="undefined"!=typeof window,b=_?document:null,v=_?window:null,k=_?navigator:null;let y,M;function S(l,e){if(null!=e){let t=l.classList;!t.contains(e)&&t.add(e)}}function T(l,e){let t=l.classList;t.contains(e)&&t.remove(e)}function E(l,e,t){l.style[e]=t+"px"}function z(l,e,t,n){let i=b.createElement(l);return null!=e&&S(i,e),null!=t&&t.insertBefore(i,n),i}function D(l,e){return z("div",l,e)}const P=new WeakMap;function A(e,t,n,i,o){let s="translate("+t+"px,"+n+"px)";s!=P.get(e)&&(e.style.transform=s,P.set(e,s),0>t||0>n||t>i||n>o?S(e,l):T(e,l))}const W=new WeakMap;function Y(l,e,t){let n=e+t;n!=W.get(l)&&(W.set(l,n),l.style.background=e,l.style.borderColor=t)}const C=new WeakMap;function H(l,e,t,n){let i=e+""+t;i!=C.get(l)&&(C.set(l,i),l.style.height=t+"px",l.style.width=e+"px",l.style.marginLeft=n?-e/2+"px":0,l.style.marginTop=n?-t/2+"px":0)}const F={passive:!0},R={...F,capture:!0};function G(l,e,t,n){e.addEventListener(l,t,n?R:F)}function I(l,e,t){e.removeEventListener(l,t,F)}function L(l,e,t,n){let i;t=t||0;let o=2147483647>=(n=n||e.length-1);for(;n-t>1;)i=o?t+n>>1:sl((t+n)/2),l>e[i]?t=i:n=i;return l-e[t]>e[n]-l?n:t}function O(l){return(e,t,n)=>{let i=-1,o=-1;for(let o=t;n>=o;o++)if(l(e[o])){i=o;break}for(let i=n;i>=t;i--)if(l(e[i])){o=i;break}return[i,o]}}_&&function l(){let e=devicePixelRatio;y!=e&&(y=e,M&&I(g,M,l),M=matchMedia(`(min-resolution: ${y-.001}dppx) and (max-resolution: ${y+.001}dppx)`),G(g,M,l),v.dispatchEvent(new CustomEvent(x)))}();const N=l=>null!=l,j=l=>null!=l&&l>0,U=O(N),V=O(j);function B(l,e,t,n){let i=hl(l),o=hl(e);l==e&&(-1==i?(l*=t,e/=t):(l/=t,e*=t));let s=10==t?dl:pl,r=1==o?ul:sl,u=(1==i?sl:ul)(s(ol(l))),a=r(s(ol(e))),f=cl(t,u),c=cl(t,a);return 10==t&&(0>u&&(f=Al(f,-u)),0>a&&(c=Al(c,-a))),n||2==t?(l=f*i,e=c*o):(l=Pl(l,f),e=Dl(e,c)),[l,e]}function $(l,e,t,n){let i=B(l,e,t,n);return 0==l&&(i[0]=0),0==e&&(i[1]=0),i}const J=.1,q={mode:3,pad:J},K={pad:0,soft:null,mode:0},X={min:K,max:K};function Z(l,e,t,n){return Ol(t)?ll(l,e,t):(K.pad=t,K.soft=n?0:null,K.mode=n?3:0,ll(l,e,X))}function Q(l,e){return null==l?e:l}function ll(l,e,t){let n=t.min,i=t.max,o=Q(n.pad,0),s=Q(i.pad,0),r=Q(n.hard,-gl),u=Q(i.hard,gl),a=Q(n.soft,gl),f=Q(i.soft,-gl),c=Q(n.mode,0),h=Q(i.mode,0),d=e-l,p=dl(d),m=fl(ol(l),ol(e)),g=dl(m),x=ol(g-p);(1e-24>d||x>10)&&(d=0,0!=l&&0!=e||(d=1e-24,2==c&&a!=gl&&(o=0),2==h&&f!=-gl&&(s=0)));let w=d||m||1e3,_=dl(w),b=cl(10,sl(_)),v=Al(Pl(l-w*(0==d?0==l?.1:1:o),b/10),24),k=a>l||1!=c&&(3!=c||v>a)&&(2!=c||a>v)?gl:a,y=fl(r,k>v&&l>=k?k:al(k,v)),M=Al(Dl(e+w*(0==d?0==e?.1:1:s),b/10),24),S=e>f||1!=h&&(3!=h||f>M)&&(2!=h||M>f)?-gl:f,T=al(u,M>S&&S>=e?S:fl(S,M));return y==T&&0==y&&(T=100),[y,T]}const el=new Intl.NumberFormat(_?k.language:"en-US"),tl=l=>el.format(l),nl=Math,il=nl.PI,ol=nl.abs,sl=nl.floor,rl=nl.round,ul=nl.ceil,al=nl.min,fl=nl.max,cl=nl.pow,hl=nl.sign,dl=nl.log10,pl=nl.log2,ml=(l,e=1)=>nl.asinh(l/e),gl=1/0;function xl(l){return 1+(0|dl((l^l>>31)-(l>>31)))}function wl(l,e,t){return al(fl(l,e),t)}function _l(l){return"function"==typeof l}function bl(l){return _l(l)?l:()=>l}const vl=l=>l,kl=(l,e)=>e,yl=()=>null,Ml=()=>!0,Sl=(l,e)=>l==e,Tl=/\.\d*?(?=9{6,}|0{6,})/gm,El=l=>{if(Il(l)||Wl.has(l))return l;const e=""+l,t=e.match(Tl);if(null==t)return l;let n=t[0].length-1;if(-1!=e.indexOf("e-")){let[l,t]=e.split("e");return+`${El(l)}e${t}`}return Al(l,n)};function zl(l,e){return El(Al(El(l/e))*e)}function Dl(l,e){return El(ul(El(l/e))*e)}function Pl(l,e){return El(sl(El(l/e))*e)}function Al(l,e=0){if(Il(l))return l;let t=10**e;return rl(l*t*(1+Number.EPSILON))/t}const Wl=new Map;function Yl(l){return((""+l).split(".")[1]||"").length}function Cl(l,e,t,n){let i=[],o=n.map(Yl);for(let s=e;t>s;s++){let e=ol(s),t=Al(cl(l,s),e);for(let r=0;n.length>r;r++){let u=10==l?+`${n[r]}e${s}`:n[r]*t,a=(0>s?e:0)+(o[r]>s?o[r]:0),f=10==l?u:Al(u,a);i.push(f),Wl.set(f,a)}}return i}const Hl={},Fl=[],Rl=[null,null],Gl=Array.isArray,Il=Number.isInteger;function Ll(l){return"string"==typeof l}function Ol(l){let e=!1;if(null!=l){let t=l.constructor;e=null==t||t==Object}return e}function Nl(l){return null!=l&&"object"==typeof l}const jl=Object.getPrototypeOf(Uint8Array),Ul="__proto__";function Vl(l,e=Ol){let t;if(Gl(l)){let n=l.find((l=>null!=l));if(Gl(n)||e(n)){t=Array(l.length);for(let n=0;l.length>n;n++)t[n]=Vl(l[n],e)}else t=l.slice()}else if(l instanceof jl)t=l.slice();else if(e(l)){t={};for(let n in l)n!=Ul&&(t[n]=Vl(l[n],e))}else t=l;return t}function Bl(l){let e=arguments;for(let t=1;e.length>t;t++){let n=e[t];for(let e in n)e!=Ul&&(Ol(l[e])?Bl(l[e],Vl(n[e])):l[e]=Vl(n[e]))}return l}function $l(l,e,t){for(let n,i=0,o=-1;e.length>i;i++){let s=e[i];if(s>o){for(n=s-1;n>=0&&null==l[n];)l[n--]=null;for(n=s+1;t>n&&null==l[n];)l[o=n++]=null}}}const Jl="undefined"==typeof queueMicrotask?l=>Promise.resolve().then(l):queueMicrotask,ql=["January","February","March","April","May","June","July","August","September","October","November","December"],Kl=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Xl(l){return l.slice(0,3)}const Zl=Kl.map(Xl),Ql=ql.map(Xl),le={MMMM:ql,MMM:Ql,WWWW:Kl,WWW:Zl};function ee(l){return(10>l?"0":"")+l}const te={YYYY:l=>l.getFullYear(),YY:l=>(l.getFullYear()+"").slice(2),MMMM:(l,e)=>e.MMMM[l.getMonth()],MMM:(l,e)=>e.MMM[l.getMonth()],MM:l=>ee(l.getMonth()+1),M:l=>l.getMonth()+1,DD:l=>ee(l.getDate()),D:l=>l.getDate(),WWWW:(l,e)=>e.WWWW[l.getDay()],WWW:(l,e)=>e.WWW[l.getDay()],HH:l=>ee(l.getHours()),H:l=>l.getHours(),h:l=>{let e=l.getHours();return 0==e?12:e>12?e-12:e},AA:l=>12>l.getHours()?"AM":"PM",aa:l=>12>l.getHours()?"am":"pm",a:l=>12>l.getHours()?"a":"p",mm:l=>ee(l.getMinutes()),m:l=>l.getMinutes(),ss:l=>ee(l.getSeconds()),s:l=>l.getSeconds(),fff:l=>function(l){return(10>l?"00":100>l?"0":"")+l}(l.getMilliseconds())};function ne(l,e){e=e||le;let t,n=[],i=/\{([a-z]+)\}|[^{]+/gi;for(;t=i.exec(l);)n.push("{"==t[0][0]?te[t[1]]:t[0]);return l=>{let t="";for(let i=0;n.length>i;i++)t+="string"==typeof n[i]?n[i]:n[i](l,e);return t}}const ie=(new Intl.DateTimeFormat).resolvedOptions().timeZone,oe=l=>l%1==0,se=[1,2,2.5,5],re=Cl(10,-32,0,se),ue=Cl(10,0,32,se),ae=ue.filter(oe),fe=re.concat(ue),ce="{YYYY}",he="\n"+ce,de="{M}/{D}",pe="\n"+de,me=pe+"/{YY}",ge="{aa}",xe="{h}:{mm}"+ge,we="\n"+xe,_e=":{ss}",be=null;function ve(l){let e=1e3*l,t=60*e,n=60*t,i=24*n,o=30*i,s=365*i;return[(1==l?Cl(10,0,3,se).filter(oe):Cl(10,-3,0,se)).concat([e,5*e,10*e,15*e,30*e,t,5*t,10*t,15*t,30*t,n,2*n,3*n,4*n,6*n,8*n,12*n,i,2*i,3*i,4*i,5*i,6*i,7*i,8*i,9*i,10*i,15*i,o,2*o,3*o,4*o,6*o,s,2*s,5*s,10*s,25*s,50*s,100*s]),[[s,ce,be,be,be,be,be,be,1],[28*i,"{MMM}",he,be,be,be,be,be,1],[i,de,he,be,be,be,be,be,1],[n,"{h}"+ge,me,be,pe,be,be,be,1],[t,xe,me,be,pe,be,be,be,1],[e,_e,me+" "+xe,be,pe+" "+xe,be,we,be,1],[l,_e+".{fff}",me+" "+xe,be,pe+" "+xe,be,we,be,1]],function(e){return(r,u,a,f,c,h)=>{let d=[],p=c>=s,m=c>=o&&s>c,g=e(a),x=Al(g*l,3),w=Pe(g.getFullYear(),p?0:g.getMonth(),m||p?1:g.getDate()),_=Al(w*l,3);if(m||p){let t=m?c/o:0,n=p?c/s:0,i=x==_?x:Al(Pe(w.getFullYear()+n,w.getMonth()+t,1)*l,3),r=new Date(rl(i/l)),u=r.getFullYear(),a=r.getMonth();for(let o=0;f>=i;o++){let s=Pe(u+n*o,a+t*o,1),r=s-e(Al(s*l,3));i=Al((+s+r)*l,3),i>f||d.push(i)}}else{let o=i>c?c:i,s=_+(sl(a)-sl(x))+Dl(x-_,o);d.push(s);let p=e(s),m=p.getHours()+p.getMinutes()/t+p.getSeconds()/n,g=c/n,w=h/r.axes[u]._space;for(;s=Al(s+c,1==l?0:3),f>=s;)if(g>1){let l=sl(Al(m+g,6))%24,t=e(s).getHours()-l;t>1&&(t=-1),s-=t*n,m=(m+g)%24,.7>Al((s-d[d.length-1])/c,3)*w||d.push(s)}else d.push(s)}return d}}]}const[ke,ye,Me]=ve(1),[Se,Te,Ee]=ve(.001);function ze(l,e){return l.map((l=>l.map(((t,n)=>0==n||8==n||null==t?t:e(1==n||0==l[8]?t:l[1]+t)))))}function De(l,e){return(t,n,i,o,s)=>{let r,u,a,f,c,h,d=e.find((l=>s>=l[0]))||e[e.length-1];return n.map((e=>{let t=l(e),n=t.getFullYear(),i=t.getMonth(),o=t.getDate(),s=t.getHours(),p=t.getMinutes(),m=t.getSeconds(),g=n!=r&&d[2]||i!=u&&d[3]||o!=a&&d[4]||s!=f&&d[5]||p!=c&&d[6]||m!=h&&d[7]||d[1];return r=n,u=i,a=o,f=s,c=p,h=m,g(t)}))}}function Pe(l,e,t){return new Date(l,e,t)}function Ae(l,e){return e(l)}function We(l,e){return(t,n,i,o)=>null==o?w:e(l(n))}Cl(2,-53,53,[1]);const Ye={show:!0,live:!0,isolate:!1,mount:()=>{},markers:{show:!0,width:2,stroke:function(l,e){let t=l.series[e];return t.width?t.stroke(l,e):t.points.width?t.points.stroke(l,e):null},fill:function(l,e){return l.series[e].fill(l,e)},dash:"solid"},idx:null,idxs:null,values:[]},Ce=[0,0];function He(l,e,t,n=!0){return l=>{0==l.button&&(!n||l.target==e)&&t(l)}}function Fe(l,e,t,n=!0){return l=>{(!n||l.target==e)&&t(l)}}const Re={show:!0,x:!0,y:!0,lock:!1,move:function(l,e,t){return Ce[0]=e,Ce[1]=t,Ce},points:{one:!1,show:function(l,e){let i=l.cursor.points,o=D(),s=i.size(l,e);E(o,t,s),E(o,n,s);let r=s/-2;E(o,"marginLeft",r),E(o,"marginTop",r);let u=i.width(l,e,s);return u&&E(o,"borderWidth",u),o},size:function(l,e){return l.series[e].points.size},width:0,stroke:function(l,e){let t=l.series[e].points;return t._stroke||t._fill},fill:function(l,e){let t=l.series[e].points;return t._fill||t._stroke}},bind:{mousedown:He,mouseup:He,click:He,dblclick:He,mousemove:Fe,mouseleave:Fe,mouseenter:Fe},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(l,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(l,e,t,n,i)=>n-i,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},Ge={show:!0,stroke:"rgba(0,0,0,0.07)",width:2},Ie=Bl({},Ge,{filter:kl}),Le=Bl({},Ie,{size:10}),Oe=Bl({},Ge,{show:!1}),Ne='12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',je="bold "+Ne,Ue={show:!0,scale:"x",stroke:u,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:je,side:2,grid:Ie,ticks:Le,border:Oe,font:Ne,lineGap:1.5,rotate:0},Ve={show:!0,scale:"x",auto:!1,sorted:1,min:gl,max:-gl,idxs:[]};function Be(l,e){return e.map((l=>null==l?"":tl(l)))}function $e(l,e,t,n,i,o,s){let r=[],u=Wl.get(i)||0;for(let l=t=s?t:Al(Dl(t,i),u);n>=l;l=Al(l+i,u))r.push(Object.is(l,-0)?0:l);return r}function Je(l,e,t,n,i){const o=[],s=l.scales[l.axes[e].scale].log,r=sl((10==s?dl:pl)(t));i=cl(s,r),10==s&&(i=fe[L(i,fe)]);let u=t,a=i*s;10==s&&(a=fe[L(a,fe)]);do{o.push(u),u+=i,10!=s||Wl.has(u)||(u=Al(u,Wl.get(i))),a>u||(a=(i=u)*s,10==s&&(a=fe[L(a,fe)]))}while(n>=u);return o}function qe(l,e,t,n,i){let o=l.scales[l.axes[e].scale].asinh,s=n>o?Je(l,e,fl(o,t),n,i):[o],r=0>n||t>0?[]:[0];return(-o>t?Je(l,e,fl(o,-n),-t,i):[o]).reverse().map((l=>-l)).concat(r,s)}const Ke=/./,Xe=/[12357]/,Ze=/[125]/,Qe=/1/,lt=(l,e,t,n)=>l.map(((l,i)=>4==e&&0==l||i%n==0&&t.test(l.toExponential()[0>l?1:0])?l:null));function et(l,e,t){let n=l.axes[t],i=n.scale,o=l.scales[i],s=l.valToPos,r=n._space,u=s(10,i),a=s(9,i)-u<r?s(7,i)-u<r?s(5,i)-u<r?Qe:Ze:Xe:Ke;if(a==Qe){let l=ol(s(1,i)-u);if(r>l)return lt(e.slice().reverse(),o.distr,a,ul(r/l)).reverse()}return lt(e,o.distr,a,1)}function tt(l,e,t){let n=l.axes[t],i=n.scale,o=n._space,s=l.valToPos,r=ol(s(1,i)-s(2,i));return o>r?lt(e.slice().reverse(),3,Ke,ul(o/r)).reverse():e}function nt(l,e,t,n){return null==n?w:null==e?"":tl(e)}const it={show:!0,scale:"y",stroke:u,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:je,side:3,grid:Ie,ticks:Le,border:Oe,font:Ne,lineGap:1.5,rotate:0},ot={scale:null,auto:!0,sorted:0,min:gl,max:-gl},st=(l,e,t,n,i)=>i,rt={show:!0,auto:!0,sorted:0,gaps:st,alpha:1,facets:[Bl({},ot,{scale:"x"}),Bl({},ot,{scale:"y"})]},ut={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:st,alpha:1,points:{show:function(l,e){let{scale:t,idxs:n}=l.series[0],i=l._data[0],o=l.valToPos(i[n[0]],t,!0),s=l.valToPos(i[n[1]],t,!0);return ol(s-o)/(l.series[e].points.space*y)>=n[1]-n[0]},filter:null},values:null,min:gl,max:-gl,idxs:[],path:null,clip:null};function at(l,e,t){return t/10}const ft={time:!0,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},ct=Bl({},ft,{time:!1,ori:1}),ht={};function dt(l){let e=ht[l];return e||(e={key:l,plots:[],sub(l){e.plots.push(l)},unsub(l){e.plots=e.plots.filter((e=>e!=l))},pub(l,t,n,i,o,s,r){for(let u=0;e.plots.length>u;u++)e.plots[u]!=t&&e.plots[u].pub(l,t,n,i,o,s,r)}},null!=l&&(ht[l]=e)),e}function pt(l,e,t){const n=l.mode,i=l.series[e],o=2==n?l._data[e]:l._data,s=l.scales,r=l.bbox;let u=o[0],a=2==n?o[1]:o[e],f=2==n?s[i.facets[0].scale]:s[l.series[0].scale],c=2==n?s[i.facets[1].scale]:s[i.scale],h=r.left,d=r.top,p=r.width,m=r.height,g=l.valToPosH,x=l.valToPosV;return 0==f.ori?t(i,u,a,f,c,g,x,h,d,p,m,kt,Mt,Tt,zt,Pt):t(i,u,a,f,c,x,g,d,h,m,p,yt,St,Et,Dt,At)}function mt(l,e){let t=0,n=0,i=Q(l.bands,Fl);for(let l=0;i.length>l;l++){let o=i[l];o.series[0]==e?t=o.dir:o.series[1]==e&&(n|=1==o.dir?1:2)}return[t,1==n?-1:2==n?1:3==n?2:0]}function gt(l,e,t,n,i){let o=l.series[e],s=l.scales[2==l.mode?o.facets[1].scale:o.scale];return-1==i?s.min:1==i?s.max:3==s.distr?1==s.dir?s.min:s.max:0}function xt(l,e,t,n,i,o){return pt(l,e,((l,e,s,r,u,a,f,c,h,d,p)=>{let m=l.pxRound;const g=0==r.ori?Mt:St;let x,w;1==r.dir*(0==r.ori?1:-1)?(x=t,w=n):(x=n,w=t);let _=m(a(e[x],r,d,c)),b=m(f(s[x],u,p,h)),v=m(a(e[w],r,d,c)),k=m(f(1==o?u.max:u.min,u,p,h)),y=new Path2D(i);return g(y,v,k),g(y,_,k),g(y,_,b),y}))}function wt(l,e,t,n,i,o){let s=null;if(l.length>0){s=new Path2D;const r=0==e?Tt:Et;let u=t;for(let e=0;l.length>e;e++){let t=l[e];if(t[1]>t[0]){let l=t[0]-u;l>0&&r(s,u,n,l,n+o),u=t[1]}}let a=t+i-u,f=10;a>0&&r(s,u,n-f/2,a,n+o+f)}return s}function _t(l,e,t,n,i,o,s){let r=[],u=l.length;for(let a=1==i?t:n;a>=t&&n>=a;a+=i)if(null===e[a]){let f=a,c=a;if(1==i)for(;++a<=n&&null===e[a];)c=a;else for(;--a>=t&&null===e[a];)c=a;let h=o(l[f]),d=c==f?h:o(l[c]),p=f-i;h=s>0||0>p||p>=u?h:o(l[p]);let m=c+i;d=0>s||0>m||m>=u?d:o(l[m]),h>d||r.push([h,d])}return r}function bt(l){return 0==l?vl:1==l?rl:e=>zl(e,l)}function vt(l){let e=0==l?kt:yt,t=0==l?(l,e,t,n,i,o)=>{l.arcTo(e,t,n,i,o)}:(l,e,t,n,i,o)=>{l.arcTo(t,e,i,n,o)},n=0==l?(l,e,t,n,i)=>{l.rect(e,t,n,i)}:(l,e,t,n,i)=>{l.rect(t,e,i,n)};return(l,i,o,s,r,u=0,a=0)=>{0==u&&0==a?n(l,i,o,s,r):(u=al(u,s/2,r/2),a=al(a,s/2,r/2),e(l,i+u,o),t(l,i+s,o,i+s,o+r,u),t(l,i+s,o+r,i,o+r,a),t(l,i,o+r,i,o,a),t(l,i,o,i+s,o,u),l.closePath())}}const kt=(l,e,t)=>{l.moveTo(e,t)},yt=(l,e,t)=>{l.moveTo(t,e)},Mt=(l,e,t)=>{l.lineTo(e,t)},St=(l,e,t)=>{l.lineTo(t,e)},Tt=vt(0),Et=vt(1),zt=(l,e,t,n,i,o)=>{l.arc(e,t,n,i,o)},Dt=(l,e,t,n,i,o)=>{l.arc(t,e,n,i,o)},Pt=(l,e,t,n,i,o,s)=>{l.bezierCurveTo(e,t,n,i,o,s)},At=(l,e,t,n,i,o,s)=>{l.bezierCurveTo(t,e,i,n,s,o)};function Wt(){return(l,e,t,n,i)=>pt(l,e,((e,o,s,r,u,a,f,c,h,d,p)=>{let m,g,{pxRound:x,points:w}=e;0==r.ori?(m=kt,g=zt):(m=yt,g=Dt);const _=Al(w.width*y,3);let b=(w.size-w.width)/2*y,v=Al(2*b,3),k=new Path2D,M=new Path2D,{left:S,top:T,width:E,height:z}=l.bbox;Tt(M,S-v,T-v,E+2*v,z+2*v);const D=l=>{if(null!=s[l]){let e=x(a(o[l],r,d,c)),t=x(f(s[l],u,p,h));m(k,e+b,t),g(k,e,t,b,0,2*il)}};if(i)i.forEach(D);else for(let l=t;n>=l;l++)D(l);return{stroke:_>0?k:null,fill:k,clip:M,flags:3}}))}function Yt(l){return(e,t,n,i,o,s)=>{n!=i&&(o!=n&&s!=n&&l(e,t,n),o!=i&&s!=i&&l(e,t,i),l(e,t,s))}}const Ct=Yt(Mt),Ht=Yt(St);function Ft(l){const e=Q(l?.alignGaps,0);return(l,t,n,i)=>pt(l,t,((o,s,r,u,a,f,c,h,d,p,m)=>{[n,i]=U(r,n,i);let g,x,w=o.pxRound,_=l=>w(f(l,u,p,h)),b=l=>w(c(l,a,m,d));0==u.ori?(g=Mt,x=Ct):(g=St,x=Ht);const v=u.dir*(0==u.ori?1:-1),k={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},y=k.stroke;let M=!1;if(i-n<4*p)for(let l=1==v?n:i;l>=n&&i>=l;l+=v){let e=r[l];null===e?M=!0:null!=e&&g(y,_(s[l]),b(e))}else{let e,t,o,a=e=>l.posToVal(e,u.key,!0),f=null,c=null,h=_(s[1==v?n:i]),d=_(s[n]),p=_(s[i]),m=a(1==v?d+1:p-1);for(let l=1==v?n:i;l>=n&&i>=l;l+=v){let n=s[l],i=(1==v?m>n:n>m)?h:_(n),o=r[l];i==h?null!=o?(t=o,null==f?(g(y,i,b(t)),e=f=c=t):f>t?f=t:t>c&&(c=t)):null===o&&(M=!0):(null!=f&&x(y,h,b(f),b(c),b(e),b(t)),null!=o?(t=o,g(y,i,b(t)),f=c=e=t):(f=c=null,null===o&&(M=!0)),h=i,m=a(h+v))}null!=f&&f!=c&&o!=h&&x(y,h,b(f),b(c),b(e),b(t))}let[S,T]=mt(l,t);if(null!=o.fill||0!=S){let e=k.fill=new Path2D(y),r=b(o.fillTo(l,t,o.min,o.max,S)),u=_(s[n]),a=_(s[i]);-1==v&&([a,u]=[u,a]),g(e,a,r),g(e,u,r)}if(!o.spanGaps){let a=[];M&&a.push(..._t(s,r,n,i,v,_,e)),k.gaps=a=o.gaps(l,t,n,i,a),k.clip=wt(a,u.ori,h,d,p,m)}return 0!=T&&(k.band=2==T?[xt(l,t,n,i,y,-1),xt(l,t,n,i,y,1)]:xt(l,t,n,i,y,T)),k}))}function Rt(l,e,t,n,i,o,s=gl){if(l.length>1){let r=null;for(let u=0,a=1/0;l.length>u;u++)if(void 0!==e[u]){if(null!=r){let e=ol(l[u]-l[r]);a>e&&(a=e,s=ol(t(l[u],n,i,o)-t(l[r],n,i,o)))}r=u}}return s}function Gt(l,e,t,n,i){const o=l.length;if(2>o)return null;const s=new Path2D;if(t(s,l[0],e[0]),2==o)n(s,l[1],e[1]);else{let t=Array(o),n=Array(o-1),r=Array(o-1),u=Array(o-1);for(let t=0;o-1>t;t++)r[t]=e[t+1]-e[t],u[t]=l[t+1]-l[t],n[t]=r[t]/u[t];t[0]=n[0];for(let l=1;o-1>l;l++)0===n[l]||0===n[l-1]||n[l-1]>0!=n[l]>0?t[l]=0:(t[l]=3*(u[l-1]+u[l])/((2*u[l]+u[l-1])/n[l-1]+(u[l]+2*u[l-1])/n[l]),isFinite(t[l])||(t[l]=0));t[o-1]=n[o-2];for(let n=0;o-1>n;n++)i(s,l[n]+u[n]/3,e[n]+t[n]*u[n]/3,l[n+1]-u[n]/3,e[n+1]-t[n+1]*u[n]/3,l[n+1],e[n+1])}return s}const It=new Set;function Lt(){for(let l of It)l.syncRect(!0)}_&&(G("resize",v,Lt),G("scroll",v,Lt,!0),G(x,v,(()=>{en.pxRatio=y})));const Ot=Ft(),Nt=Wt();function jt(l,e,t,n){return(n?[l[0],l[1]].concat(l.slice(2)):[l[0]].concat(l.slice(1))).map(((l,n)=>Ut(l,n,e,t)))}function Ut(l,e,t,n){return Bl({},0==e?t:n,l)}function Vt(l,e,t){return null==e?Rl:[e,t]}const Bt=Vt;function $t(l,e,t){return null==e?Rl:Z(e,t,J,!0)}function Jt(l,e,t,n){return null==e?Rl:B(e,t,l.scales[n].log,!1)}const qt=Jt;function Kt(l,e,t,n){return null==e?Rl:$(e,t,l.scales[n].log,!1)}const Xt=Kt;function Zt(l,e,t,n,i){let o=fl(xl(l),xl(e)),s=e-l,r=L(i/n*s,t);do{let l=t[r],e=n*l/s;if(e>=i&&17>=o+(5>l?Wl.get(l):0))return[l,e]}while(++r<t.length);return[0,0]}function Qt(l){let e,t;return[l=l.replace(/(\d+)px/,((l,n)=>(e=rl((t=+n)*y))+"px")),e,t]}function ln(l){l.show&&[l.font,l.labelFont].forEach((l=>{let e=Al(l[2]*y,1);l[0]=l[0].replace(/[0-9.]+px/,e+"px"),l[1]=e}))}function en(u,g,_){const k={mode:Q(u.mode,1)},M=k.mode;function P(l,e,t,n){let i=e.valToPct(l);return n+t*(-1==e.dir?1-i:i)}function W(l,e,t,n){let i=e.valToPct(l);return n+t*(-1==e.dir?i:1-i)}function C(l,e,t,n){return 0==e.ori?P(l,e,t,n):W(l,e,t,n)}k.valToPosH=P,k.valToPosV=W;let F=!1;k.status=0;const R=k.root=D("uplot");null!=u.id&&(R.id=u.id),S(R,u.class),u.title&&(D("u-title",R).textContent=u.title);const O=z("canvas"),K=k.ctx=O.getContext("2d"),X=D("u-wrap",R);G("click",X,(l=>{l.target===el&&(Nn!=Gn||jn!=In)&&Zn.click(k,l)}),!0);const ll=k.under=D("u-under",X);X.appendChild(O);const el=k.over=D("u-over",X),tl=+Q((u=Vl(u)).pxAlign,1),sl=bt(tl);(u.plugins||[]).forEach((l=>{l.opts&&(u=l.opts(k,u)||u)}));const hl=u.ms||.001,pl=k.series=1==M?jt(u.series||[],Ve,ut,!1):function(l,e){return l.map(((l,t)=>0==t?{}:Bl({},e,l)))}(u.series||[null],rt),xl=k.axes=jt(u.axes||[],Ue,it,!0),vl=k.scales={},Tl=k.bands=u.bands||[];Tl.forEach((l=>{l.fill=bl(l.fill||null),l.dir=Q(l.dir,-1)}));const El=2==M?pl[1].facets[0].scale:pl[0].scale,Dl={axes:function(){for(let l=0;xl.length>l;l++){let e=xl[l];if(!e.show||!e._show)continue;let t,n,u=e.side,a=u%2,f=e.stroke(k,l),c=0==u||3==u?-1:1,[h,d]=e._found;if(null!=e.label){let s=rl((e._lpos+e.labelGap*c)*y);_n(e.labelFont[0],f,"center",2==u?i:o),K.save(),1==a?(t=n=0,K.translate(s,rl(lt+st/2)),K.rotate((3==u?-il:il)/2)):(t=rl(Qe+ot/2),n=s);let r=_l(e.label)?e.label(k,l,h,d):e.label;K.fillText(r,t,n),K.restore()}if(0==d)continue;let p=vl[e.scale],m=0==a?ot:st,g=0==a?Qe:lt,x=e._splits,w=2==p.distr?x.map((l=>pn[l])):x,_=2==p.distr?pn[x[1]]-pn[x[0]]:h,b=e.ticks,v=e.border,M=b.show?b.size:0,S=rl(M*y),T=rl((2==e.alignTo?e._size-M-e.gap:e.gap)*y),E=e._rotate*-il/180,z=sl(e._pos*y),D=z+(S+T)*c;n=0==a?D:0,t=1==a?D:0,_n(e.font[0],f,1==e.align?s:2==e.align?r:E>0?s:0>E?r:0==a?"center":3==u?r:s,E||1==a?"middle":2==u?i:o);let P=e.font[1]*e.lineGap,A=x.map((l=>sl(C(l,p,m,g)))),W=e._values;for(let l=0;W.length>l;l++){let e=W[l];if(null!=e){0==a?t=A[l]:n=A[l],e=""+e;let i=-1==e.indexOf("\n")?[e]:e.split(/\n/gm);for(let l=0;i.length>l;l++){let e=i[l];E?(K.save(),K.translate(t,n+l*P),K.rotate(E),K.fillText(e,0,0),K.restore()):K.fillText(e,t,n+l*P)}}}b.show&&zn(A,b.filter(k,w,l,d,_),a,u,z,S,Al(b.width*y,3),b.stroke(k,l),b.dash,b.cap);let Y=e.grid;Y.show&&zn(A,Y.filter(k,w,l,d,_),a,0==a?2:1,0==a?lt:Qe,0==a?st:ot,Al(Y.width*y,3),Y.stroke(k,l),Y.dash,Y.cap),v.show&&zn([z],[1],0==a?1:0,0==a?1:2,1==a?lt:Qe,1==a?st:ot,Al(v.width*y,3),v.stroke(k,l),v.dash,v.cap)}Ci("drawAxes")},series:function(){if(Gt>0){let l=pl.some((l=>l._focus))&&dn!=Tt.alpha;l&&(K.globalAlpha=dn=Tt.alpha),pl.forEach(((l,e)=>{if(e>0&&l.show&&(kn(e,!1),kn(e,!0),null==l._paths)){let t=dn;dn!=l.alpha&&(K.globalAlpha=dn=l.alpha);let n=2==M?[0,g[e][0].length-1]:function(l){let e=wl(Lt-1,0,Gt-1),t=wl(en+1,0,Gt-1);for(;null==l[e]&&e>0;)e--;for(;null==l[t]&&Gt-1>t;)t++;return[e,t]}(g[e]);l._paths=l.paths(k,e,n[0],n[1]),dn!=t&&(K.globalAlpha=dn=t)}})),pl.forEach(((l,e)=>{if(e>0&&l.show){let t=dn;dn!=l.alpha&&(K.globalAlpha=dn=l.alpha),null!=l._paths&&yn(e,!1);{let t=null!=l._paths?l._paths.gaps:null,n=l.points.show(k,e,Lt,en,t),i=l.points.filter(k,e,n,t);(n||i)&&(l.points._paths=l.points.paths(k,e,Lt,en,i),yn(e,!0))}dn!=t&&(K.globalAlpha=dn=t),Ci("drawSeries",e)}})),l&&(K.globalAlpha=dn=1)}}},Pl=(u.drawOrder||["axes","series"]).map((l=>Dl[l]));function Cl(l){const e=3==l.distr?e=>dl(e>0?e:l.clamp(k,e,l.min,l.max,l.key)):4==l.distr?e=>ml(e,l.asinh):100==l.distr?e=>l.fwd(e):l=>l;return t=>{let n=e(t),{_min:i,_max:o}=l;return(n-i)/(o-i)}}function Il(l){let e=vl[l];if(null==e){let t=(u.scales||Hl)[l]||Hl;if(null!=t.from){Il(t.from);let e=Bl({},vl[t.from],t,{key:l});e.valToPct=Cl(e),vl[l]=e}else{e=vl[l]=Bl({},l==El?ft:ct,t),e.key=l;let n=e.time,i=e.range,o=Gl(i);if((l!=El||2==M&&!n)&&(!o||null!=i[0]&&null!=i[1]||(i={min:null==i[0]?q:{mode:1,hard:i[0],soft:i[0]},max:null==i[1]?q:{mode:1,hard:i[1],soft:i[1]}},o=!1),!o&&Ol(i))){let l=i;i=(e,t,n)=>null==t?Rl:Z(t,n,l)}e.range=bl(i||(n?Bt:l==El?3==e.distr?qt:4==e.distr?Xt:Vt:3==e.distr?Jt:4==e.distr?Kt:$t)),e.auto=bl(!o&&e.auto),e.clamp=bl(e.clamp||at),e._min=e._max=null,e.valToPct=Cl(e)}}}Il("x"),Il("y"),1==M&&pl.forEach((l=>{Il(l.scale)})),xl.forEach((l=>{Il(l.scale)}));for(let l in u.scales)Il(l);const jl=vl[El],Ul=jl.distr;let $l,ql;0==jl.ori?(S(R,"u-hz"),$l=P,ql=W):(S(R,"u-vt"),$l=W,ql=P);const Kl={};for(let l in vl){let e=vl[l];null==e.min&&null==e.max||(Kl[l]={min:e.min,max:e.max},e.min=e.max=null)}const Xl=u.tzDate||(l=>new Date(rl(l/hl))),Zl=u.fmtDate||ne,Ql=1==hl?Me(Xl):Ee(Xl),le=De(Xl,ze(1==hl?ye:Te,Zl)),ee=We(Xl,Ae("{YYYY}-{MM}-{DD} {h}:{mm}{aa}",Zl)),te=[],ie=k.legend=Bl({},Ye,u.legend),oe=k.cursor=Bl({},Re,{drag:{y:2==M}},u.cursor),se=ie.show,re=oe.show,ue=ie.markers;let ce,he,de;ie.idxs=te,ue.width=bl(ue.width),ue.dash=bl(ue.dash),ue.stroke=bl(ue.stroke),ue.fill=bl(ue.fill);let pe,me=[],ge=[],xe=!1,we={};if(ie.live){const l=pl[1]?pl[1].values:null;xe=null!=l,pe=xe?l(k,1,0):{_:0};for(let l in pe)we[l]=w}if(se)if(ce=z("table","u-legend",R),de=z("tbody",null,ce),ie.mount(k,ce),xe){he=z("thead",null,ce,de);let l=z("tr",null,he);for(var _e in z("th",null,l),pe)z("th",e,l).textContent=_e}else S(ce,"u-inline"),ie.live&&S(ce,"u-live");const be={show:!0},ve={show:!1},Pe=new Map;function Ce(l,e,t,n=!0){const i=Pe.get(e)||{},o=oe.bind[l](k,e,t,n);o&&(G(l,e,i[l]=o),Pe.set(e,i))}function He(l,e){const t=Pe.get(e)||{};for(let n in t)null!=l&&n!=l||(I(n,e,t[n]),delete t[n]);null==l&&Pe.delete(e)}let Fe=0,Ge=0,Ie=0,Le=0,Oe=0,Ne=0,je=Oe,Ke=Ne,Xe=Ie,Ze=Le,Qe=0,lt=0,ot=0,st=0;k.bbox={};let ht=!1,pt=!1,mt=!1,xt=!1,wt=!1,_t=!1;function vt(l,e,t){(t||l!=k.width||e!=k.height)&&kt(l,e),An(!1),mt=!0,pt=!0,Jn()}function kt(l,e){k.width=Fe=Ie=l,k.height=Ge=Le=e,Oe=Ne=0,function(){let l=!1,e=!1,t=!1,n=!1;xl.forEach((i=>{if(i.show&&i._show){let{side:o,_size:s}=i,r=s+(null!=i.label?i.labelSize:0);r>0&&(o%2?(Ie-=r,3==o?(Oe+=r,n=!0):t=!0):(Le-=r,0==o?(Ne+=r,l=!0):e=!0))}})),Ct[0]=l,Ct[1]=t,Ct[2]=e,Ct[3]=n,Ie-=Rt[1]+Rt[3],Oe+=Rt[3],Le-=Rt[2]+Rt[0],Ne+=Rt[0]}(),function(){let l=Oe+Ie,e=Ne+Le,t=Oe,n=Ne;function i(i,o){switch(i){case 1:return l+=o,l-o;case 2:return e+=o,e-o;case 3:return t-=o,t+o;case 0:return n-=o,n+o}}xl.forEach((l=>{if(l.show&&l._show){let e=l.side;l._pos=i(e,l._size),null!=l.label&&(l._lpos=i(e,l.labelSize))}}))}();let t=k.bbox;Qe=t.left=zl(Oe*y,.5),lt=t.top=zl(Ne*y,.5),ot=t.width=zl(Ie*y,.5),st=t.height=zl(Le*y,.5)}const yt=3;if(k.setSize=function({width:l,height:e}){vt(l,e)},null==oe.dataIdx){let l=oe.hover,e=l.skip=new Set(l.skip??[]);e.add(void 0);let t=l.prox=bl(l.prox),n=l.bias??=0;oe.dataIdx=(l,i,o,s)=>{if(0==i)return o;let r=o,u=t(l,i,o,s)??gl,a=u>=0&&gl>u,f=0==jl.ori?Ie:Le,c=oe.left,h=g[0],d=g[i];if(e.has(d[o])){r=null;let l,t=null,i=null;if(0==n||-1==n)for(l=o;null==t&&l-- >0;)e.has(d[l])||(t=l);if(0==n||1==n)for(l=o;null==i&&l++<d.length;)e.has(d[l])||(i=l);if(null!=t||null!=i)if(a){let l=c-(null==t?-1/0:$l(h[t],jl,f,0)),e=(null==i?1/0:$l(h[i],jl,f,0))-c;l>e?e>u||(r=i):l>u||(r=t)}else r=null==i?t:null==t||o-t>i-o?i:t}else a&&ol(c-$l(h[o],jl,f,0))>u&&(r=null);return r}}const Mt=l=>{oe.event=l};oe.idxs=te,oe._lock=!1;let St=oe.points;St.show=bl(St.show),St.size=bl(St.size),St.stroke=bl(St.stroke),St.width=bl(St.width),St.fill=bl(St.fill);const Tt=k.focus=Bl({},u.focus||{alpha:.3},oe.focus),Et=Tt.prox>=0,zt=Et&&St.one;let Dt=[],Pt=[],At=[];function Wt(l,e){let t=St.show(k,e);if(t instanceof HTMLElement)return S(t,"u-cursor-pt"),S(t,l.class),A(t,-10,-10,Ie,Le),el.insertBefore(t,Dt[e]),t}function Yt(t,n){if(1==M||n>0){let l=1==M&&vl[t.scale].time,e=t.value;t.value=l?Ll(e)?We(Xl,Ae(e,Zl)):e||ee:e||nt,t.label=t.label||(l?"Time":"Value")}if(zt||n>0){t.width=null==t.width?1:t.width,t.paths=t.paths||Ot||yl,t.fillTo=bl(t.fillTo||gt),t.pxAlign=+Q(t.pxAlign,tl),t.pxRound=bt(t.pxAlign),t.stroke=bl(t.stroke||null),t.fill=bl(t.fill||null),t._stroke=t._fill=t._paths=t._focus=null;let l=function(l){return Al(1*(3+2*(l||1)),3)}(fl(1,t.width)),e=t.points=Bl({},{size:l,width:fl(1,.2*l),stroke:t.stroke,space:2*l,paths:Nt,_stroke:null,_fill:null},t.points);e.show=bl(e.show),e.filter=bl(e.filter),e.fill=bl(e.fill),e.stroke=bl(e.stroke),e.paths=bl(e.paths),e.pxAlign=t.pxAlign}if(se){let i=function(t,n){if(0==n&&(xe||!ie.live||2==M))return Rl;let i=[],o=z("tr","u-series",de,de.childNodes[n]);S(o,t.class),t.show||S(o,l);let s=z("th",null,o);if(ue.show){let l=D("u-marker",s);if(n>0){let e=ue.width(k,n);e&&(l.style.border=e+"px "+ue.dash(k,n)+" "+ue.stroke(k,n)),l.style.background=ue.fill(k,n)}}let r=D(e,s);for(var u in t.label instanceof HTMLElement?r.appendChild(t.label):r.textContent=t.label,n>0&&(ue.show||(r.style.color=t.width>0?ue.stroke(k,n):ue.fill(k,n)),Ce("click",s,(l=>{if(oe._lock)return;Mt(l);let e=pl.indexOf(t);if((l.ctrlKey||l.metaKey)!=ie.isolate){let l=pl.some(((l,t)=>t>0&&t!=e&&l.show));pl.forEach(((t,n)=>{n>0&&oi(n,l?n==e?be:ve:be,!0,Fi.setSeries)}))}else oi(e,{show:!t.show},!0,Fi.setSeries)}),!1),Et&&Ce(d,s,(l=>{oe._lock||(Mt(l),oi(pl.indexOf(t),ai,!0,Fi.setSeries))}),!1)),pe){let l=z("td","u-value",o);l.textContent="--",i.push(l)}return[o,i]}(t,n);me.splice(n,0,i[0]),ge.splice(n,0,i[1]),ie.values.push(null)}if(re){te.splice(n,0,null);let l=null;zt?0==n&&(l=Wt(t,n)):n>0&&(l=Wt(t,n)),Dt.splice(n,0,l),Pt.splice(n,0,0),At.splice(n,0,0)}Ci("addSeries",n)}k.addSeries=function(l,e){e=null==e?pl.length:e,l=1==M?Ut(l,e,Ve,ut):Ut(l,e,{},rt),pl.splice(e,0,l),Yt(pl[e],e)},k.delSeries=function(l){if(pl.splice(l,1),se){ie.values.splice(l,1),ge.splice(l,1);let e=me.splice(l,1)[0];He(null,e.firstChild),e.remove()}re&&(te.splice(l,1),Dt.splice(l,1)[0].remove(),Pt.splice(l,1),At.splice(l,1)),Ci("delSeries",l)};const Ct=[!1,!1,!1,!1];function Ht(l,e,t){let[n,i,o,s]=t,r=e%2,u=0;return 0==r&&(s||i)&&(u=0==e&&!n||2==e&&!o?rl(Ue.size/3):0),1==r&&(n||o)&&(u=1==e&&!i||3==e&&!s?rl(it.size/2):0),u}const Ft=k.padding=(u.padding||[Ht,Ht,Ht,Ht]).map((l=>bl(Q(l,Ht)))),Rt=k._padding=Ft.map(((l,e)=>l(k,e,Ct,0)));let Gt,Lt=null,en=null;const tn=1==M?pl[0].idxs:null;let nn,on,sn,rn,un,an,fn,cn,hn,dn,pn=null,mn=!1;function gn(l,e){if(k.data=k._data=g=null==l?[]:l,2==M){Gt=0;for(let l=1;pl.length>l;l++)Gt+=g[l][0].length}else{0==g.length&&(k.data=k._data=g=[[]]),pn=g[0],Gt=pn.length;let l=g;if(2==Ul){l=g.slice();let e=l[0]=Array(Gt);for(let l=0;Gt>l;l++)e[l]=l}k._data=g=l}if(An(!0),Ci("setData"),2==Ul&&(mt=!0),!1!==e){let l=jl;l.auto(k,mn)?xn():ii(El,l.min,l.max),xt=xt||oe.left>=0,_t=!0,Jn()}}function xn(){let l,e;mn=!0,1==M&&(Gt>0?(Lt=tn[0]=0,en=tn[1]=Gt-1,l=g[0][Lt],e=g[0][en],2==Ul?(l=Lt,e=en):l==e&&(3==Ul?[l,e]=B(l,l,jl.log,!1):4==Ul?[l,e]=$(l,l,jl.log,!1):jl.time?e=l+rl(86400/hl):[l,e]=Z(l,e,J,!0))):(Lt=tn[0]=l=null,en=tn[1]=e=null)),ii(El,l,e)}function wn(l,e,t,n,i,o){l??=a,t??=Fl,n??="butt",i??=a,o??="round",l!=nn&&(K.strokeStyle=nn=l),i!=on&&(K.fillStyle=on=i),e!=sn&&(K.lineWidth=sn=e),o!=un&&(K.lineJoin=un=o),n!=an&&(K.lineCap=an=n),t!=rn&&K.setLineDash(rn=t)}function _n(l,e,t,n){e!=on&&(K.fillStyle=on=e),l!=fn&&(K.font=fn=l),t!=cn&&(K.textAlign=cn=t),n!=hn&&(K.textBaseline=hn=n)}function bn(l,e,t,n,i=0){if(n.length>0&&l.auto(k,mn)&&(null==e||null==e.min)){let e=Q(Lt,0),o=Q(en,n.length-1),s=null==t.min?function(l,e,t,n=0,i=!1){let o=i?V:U,s=i?j:N;[e,t]=o(l,e,t);let r=l[e],u=l[e];if(e>-1)if(1==n)r=l[e],u=l[t];else if(-1==n)r=l[t],u=l[e];else for(let n=e;t>=n;n++){let e=l[n];s(e)&&(r>e?r=e:e>u&&(u=e))}return[r??gl,u??-gl]}(n,e,o,i,3==l.distr):[t.min,t.max];l.min=al(l.min,t.min=s[0]),l.max=fl(l.max,t.max=s[1])}}k.setData=gn;const vn={min:null,max:null};function kn(l,e){let t=e?pl[l].points:pl[l];t._stroke=t.stroke(k,l),t._fill=t.fill(k,l)}function yn(l,e){let t=e?pl[l].points:pl[l],{stroke:n,fill:i,clip:o,flags:s,_stroke:r=t._stroke,_fill:u=t._fill,_width:a=t.width}=t._paths;a=Al(a*y,3);let f=null,c=a%2/2;e&&null==u&&(u=a>0?"#fff":r);let h=1==t.pxAlign&&c>0;if(h&&K.translate(c,c),!e){let l=Qe-a/2,e=lt-a/2,t=ot+a,n=st+a;f=new Path2D,f.rect(l,e,t,n)}e?Sn(r,a,t.dash,t.cap,u,n,i,s,o):function(l,e,t,n,i,o,s,r,u,a,f){let c=!1;0!=u&&Tl.forEach(((h,d)=>{if(h.series[0]==l){let l,p=pl[h.series[1]],m=g[h.series[1]],x=(p._paths||Hl).band;Gl(x)&&(x=1==h.dir?x[0]:x[1]);let w=null;p.show&&x&&function(l,e,t){for(e=Q(e,0),t=Q(t,l.length-1);t>=e;){if(null!=l[e])return!0;e++}return!1}(m,Lt,en)?(w=h.fill(k,d)||o,l=p._paths.clip):x=null,Sn(e,t,n,i,w,s,r,u,a,f,l,x),c=!0}})),c||Sn(e,t,n,i,o,s,r,u,a,f)}(l,r,a,t.dash,t.cap,u,n,i,s,f,o),h&&K.translate(-c,-c)}const Mn=3;function Sn(l,e,t,n,i,o,s,r,u,a,f,c){wn(l,e,t,n,i),(u||a||c)&&(K.save(),u&&K.clip(u),a&&K.clip(a)),c?(r&Mn)==Mn?(K.clip(c),f&&K.clip(f),En(i,s),Tn(l,o,e)):2&r?(En(i,s),K.clip(c),Tn(l,o,e)):1&r&&(K.save(),K.clip(c),f&&K.clip(f),En(i,s),K.restore(),Tn(l,o,e)):(En(i,s),Tn(l,o,e)),(u||a||c)&&K.restore()}function Tn(l,e,t){t>0&&(e instanceof Map?e.forEach(((l,e)=>{K.strokeStyle=nn=e,K.stroke(l)})):null!=e&&l&&K.stroke(e))}function En(l,e){e instanceof Map?e.forEach(((l,e)=>{K.fillStyle=on=e,K.fill(l)})):null!=e&&l&&K.fill(e)}function zn(l,e,t,n,i,o,s,r,u,a){let f=s%2/2;1==tl&&K.translate(f,f),wn(r,s,u,a,r),K.beginPath();let c,h,d,p,m=i+(0==n||3==n?-o:o);0==t?(h=i,p=m):(c=i,d=m);for(let n=0;l.length>n;n++)null!=e[n]&&(0==t?c=d=l[n]:h=p=l[n],K.moveTo(c,h),K.lineTo(d,p));K.stroke(),1==tl&&K.translate(-f,-f)}function Dn(l){let e=!0;return xl.forEach(((t,n)=>{if(!t.show)return;let i=vl[t.scale];if(null==i.min)return void(t._show&&(e=!1,t._show=!1,An(!1)));t._show||(e=!1,t._show=!0,An(!1));let o=t.side,s=o%2,{min:r,max:u}=i,[a,f]=function(l,e,t,n){let i,o=xl[l];if(n>0){let s=o._space=o.space(k,l,e,t,n);i=Zt(e,t,o._incrs=o.incrs(k,l,e,t,n,s),n,s)}else i=[0,0];return o._found=i}(n,r,u,0==s?Ie:Le);if(0==f)return;let c=t._splits=t.splits(k,n,r,u,a,f,2==i.distr),h=2==i.distr?c.map((l=>pn[l])):c,d=2==i.distr?pn[c[1]]-pn[c[0]]:a,p=t._values=t.values(k,t.filter(k,h,n,f,d),n,f,d);t._rotate=2==o?t.rotate(k,p,n,f):0;let m=t._size;t._size=ul(t.size(k,p,n,l)),null!=m&&t._size!=m&&(e=!1)})),e}function Pn(l){let e=!0;return Ft.forEach(((t,n)=>{let i=t(k,n,Ct,l);i!=Rt[n]&&(e=!1),Rt[n]=i})),e}function An(l){pl.forEach(((e,t)=>{t>0&&(e._paths=null,l&&(1==M?(e.min=null,e.max=null):e.facets.forEach((l=>{l.min=null,l.max=null}))))}))}let Wn,Yn,Cn,Hn,Fn,Rn,Gn,In,Ln,On,Nn,jn,Un=!1,Vn=!1,Bn=[];function $n(){Vn=!1;for(let l=0;Bn.length>l;l++)Ci(...Bn[l]);Bn.length=0}function Jn(){Un||(Jl(qn),Un=!0)}function qn(){if(ht&&(function(){for(let l in vl){let e=vl[l];null==Kl[l]&&(null==e.min||null!=Kl[El]&&e.auto(k,mn))&&(Kl[l]=vn)}for(let l in vl){let e=vl[l];null==Kl[l]&&null!=e.from&&null!=Kl[e.from]&&(Kl[l]=vn)}null!=Kl[El]&&An(!0);let l={};for(let e in Kl){let t=Kl[e];if(null!=t){let n=l[e]=Vl(vl[e],Nl);if(null!=t.min)Bl(n,t);else if(e!=El||2==M)if(0==Gt&&null==n.from){let l=n.range(k,null,null,e);n.min=l[0],n.max=l[1]}else n.min=gl,n.max=-gl}}if(Gt>0){pl.forEach(((e,t)=>{if(1==M){let n=e.scale,i=Kl[n];if(null==i)return;let o=l[n];if(0==t){let l=o.range(k,o.min,o.max,n);o.min=l[0],o.max=l[1],Lt=L(o.min,g[0]),en=L(o.max,g[0]),en-Lt>1&&(o.min>g[0][Lt]&&Lt++,g[0][en]>o.max&&en--),e.min=pn[Lt],e.max=pn[en]}else e.show&&e.auto&&bn(o,i,e,g[t],e.sorted);e.idxs[0]=Lt,e.idxs[1]=en}else if(t>0&&e.show&&e.auto){let[n,i]=e.facets,o=n.scale,s=i.scale,[r,u]=g[t],a=l[o],f=l[s];null!=a&&bn(a,Kl[o],n,r,n.sorted),null!=f&&bn(f,Kl[s],i,u,i.sorted),e.min=i.min,e.max=i.max}}));for(let e in l){let t=l[e],n=Kl[e];if(null==t.from&&(null==n||null==n.min)){let l=t.range(k,t.min==gl?null:t.min,t.max==-gl?null:t.max,e);t.min=l[0],t.max=l[1]}}}for(let e in l){let t=l[e];if(null!=t.from){let n=l[t.from];if(null==n.min)t.min=t.max=null;else{let l=t.range(k,n.min,n.max,e);t.min=l[0],t.max=l[1]}}}let e={},t=!1;for(let n in l){let i=l[n],o=vl[n];if(o.min!=i.min||o.max!=i.max){o.min=i.min,o.max=i.max;let l=o.distr;o._min=3==l?dl(o.min):4==l?ml(o.min,o.asinh):100==l?o.fwd(o.min):o.min,o._max=3==l?dl(o.max):4==l?ml(o.max,o.asinh):100==l?o.fwd(o.max):o.max,e[n]=t=!0}}if(t){pl.forEach(((l,t)=>{2==M?t>0&&e.y&&(l._paths=null):e[l.scale]&&(l._paths=null)}));for(let l in e)mt=!0,Ci("setScale",l);re&&oe.left>=0&&(xt=_t=!0)}for(let l in Kl)Kl[l]=null}(),ht=!1),mt&&(function(){let l=!1,e=0;for(;!l;){e++;let t=Dn(e),n=Pn(e);l=e==yt||t&&n,l||(kt(k.width,k.height),pt=!0)}}(),mt=!1),pt){if(E(ll,s,Oe),E(ll,i,Ne),E(ll,t,Ie),E(ll,n,Le),E(el,s,Oe),E(el,i,Ne),E(el,t,Ie),E(el,n,Le),E(X,t,Fe),E(X,n,Ge),O.width=rl(Fe*y),O.height=rl(Ge*y),xl.forEach((({_el:e,_show:t,_size:n,_pos:i,side:o})=>{if(null!=e)if(t){let t=o%2==1;E(e,t?"left":"top",i-(3===o||0===o?n:0)),E(e,t?"width":"height",n),E(e,t?"top":"left",t?Ne:Oe),E(e,t?"height":"width",t?Le:Ie),T(e,l)}else S(e,l)})),nn=on=sn=un=an=fn=cn=hn=rn=null,dn=1,_i(!0),Oe!=je||Ne!=Ke||Ie!=Xe||Le!=Ze){An(!1);let l=Ie/Xe,e=Le/Ze;if(re&&!xt&&oe.left>=0){oe.left*=l,oe.top*=e,Cn&&A(Cn,rl(oe.left),0,Ie,Le),Hn&&A(Hn,0,rl(oe.top),Ie,Le);for(let t=0;Dt.length>t;t++){let n=Dt[t];null!=n&&(Pt[t]*=l,At[t]*=e,A(n,ul(Pt[t]),ul(At[t]),Ie,Le))}}if(ei.show&&!wt&&ei.left>=0&&ei.width>0){ei.left*=l,ei.width*=l,ei.top*=e,ei.height*=e;for(let l in ki)E(ti,l,ei[l])}je=Oe,Ke=Ne,Xe=Ie,Ze=Le}Ci("setSize"),pt=!1}Fe>0&&Ge>0&&(K.clearRect(0,0,O.width,O.height),Ci("drawClear"),Pl.forEach((l=>l())),Ci("draw")),ei.show&&wt&&(ni(ei),wt=!1),re&&xt&&(xi(null,!0,!1),xt=!1),ie.show&&ie.live&&_t&&(mi(),_t=!1),F||(F=!0,k.status=1,Ci("ready")),mn=!1,Un=!1}function Kn(l,e){let t=vl[l];if(null==t.from){if(0==Gt){let n=t.range(k,e.min,e.max,l);e.min=n[0],e.max=n[1]}if(e.min>e.max){let l=e.min;e.min=e.max,e.max=l}if(Gt>1&&null!=e.min&&null!=e.max&&1e-16>e.max-e.min)return;l==El&&2==t.distr&&Gt>0&&(e.min=L(e.min,g[0]),e.max=L(e.max,g[0]),e.min==e.max&&e.max++),Kl[l]=e,ht=!0,Jn()}}k.batch=function(l,e=!1){Un=!0,Vn=e,l(k),qn(),e&&Bn.length>0&&queueMicrotask($n)},k.redraw=(l,e)=>{mt=e||!1,!1!==l?ii(El,jl.min,jl.max):Jn()},k.setScale=Kn;let Xn=!1;const Zn=oe.drag;let Qn=Zn.x,li=Zn.y;re&&(oe.x&&(Wn=D("u-cursor-x",el)),oe.y&&(Yn=D("u-cursor-y",el)),0==jl.ori?(Cn=Wn,Hn=Yn):(Cn=Yn,Hn=Wn),Nn=oe.left,jn=oe.top);const ei=k.select=Bl({show:!0,over:!0,left:0,width:0,top:0,height:0},u.select),ti=ei.show?D("u-select",ei.over?el:ll):null;function ni(l,e){if(ei.show){for(let e in l)ei[e]=l[e],e in ki&&E(ti,e,l[e]);!1!==e&&Ci("setSelect")}}function ii(l,e,t){Kn(l,{min:e,max:t})}function oi(e,t,n,i){null!=t.focus&&function(l){if(l!=ui){let e=null==l,t=1!=Tt.alpha;pl.forEach(((n,i)=>{if(1==M||i>0){let o=e||0==i||i==l;n._focus=e?null:o,t&&function(l,e){pl[l].alpha=e,re&&null!=Dt[l]&&(Dt[l].style.opacity=e),se&&me[l]&&(me[l].style.opacity=e)}(i,o?1:Tt.alpha)}})),ui=l,t&&Jn()}}(e),null!=t.show&&pl.forEach(((n,i)=>{0>=i||e!=i&&null!=e||(n.show=t.show,function(e){if(pl[e].show)se&&T(me[e],l);else if(se&&S(me[e],l),re){let l=zt?Dt[0]:Dt[e];null!=l&&A(l,-10,-10,Ie,Le)}}(i),2==M?(ii(n.facets[0].scale,null,null),ii(n.facets[1].scale,null,null)):ii(n.scale,null,null),Jn())})),!1!==n&&Ci("setSeries",e,t),i&&Ii("setSeries",k,e,t)}let si,ri,ui;k.setSelect=ni,k.setSeries=oi,k.addBand=function(l,e){l.fill=bl(l.fill||null),l.dir=Q(l.dir,-1),Tl.splice(e=null==e?Tl.length:e,0,l)},k.setBand=function(l,e){Bl(Tl[l],e)},k.delBand=function(l){null==l?Tl.length=0:Tl.splice(l,1)};const ai={focus:!0};function fi(l,e,t){let n=vl[e];t&&(l=l/y-(1==n.ori?Ne:Oe));let i=Ie;1==n.ori&&(i=Le,l=i-l),-1==n.dir&&(l=i-l);let o=n._min,s=o+l/i*(n._max-o),r=n.distr;return 3==r?cl(10,s):4==r?((l,e=1)=>nl.sinh(l)*e)(s,n.asinh):100==r?n.bwd(s):s}function ci(l,e){E(ti,s,ei.left=l),E(ti,t,ei.width=e)}function hi(l,e){E(ti,i,ei.top=l),E(ti,n,ei.height=e)}se&&Et&&Ce(p,ce,(l=>{oe._lock||(Mt(l),null!=ui&&oi(null,ai,!0,Fi.setSeries))})),k.valToIdx=l=>L(l,g[0]),k.posToIdx=function(l,e){return L(fi(l,El,e),g[0],Lt,en)},k.posToVal=fi,k.valToPos=(l,e,t)=>0==vl[e].ori?P(l,vl[e],t?ot:Ie,t?Qe:0):W(l,vl[e],t?st:Le,t?lt:0),k.setCursor=(l,e,t)=>{Nn=l.left,jn=l.top,xi(null,e,t)};let di=0==jl.ori?ci:hi,pi=1==jl.ori?ci:hi;function mi(l,e){if(null!=l&&(l.idxs?l.idxs.forEach(((l,e)=>{te[e]=l})):(l=>void 0===l)(l.idx)||te.fill(l.idx),ie.idx=te[0]),se&&ie.live){for(let l=0;pl.length>l;l++)(l>0||1==M&&!xe)&&gi(l,te[l]);!function(){if(se&&ie.live)for(let l=2==M?1:0;pl.length>l;l++){if(0==l&&xe)continue;let e=ie.values[l],t=0;for(let n in e)ge[l][t++].firstChild.nodeValue=e[n]}}()}_t=!1,!1!==e&&Ci("setLegend")}function gi(l,e){let t,n=pl[l],i=0==l&&2==Ul?pn:g[l];xe?t=n.values(k,l,e)??we:(t=n.value(k,null==e?null:i[e],l,e),t=null==t?we:{_:t}),ie.values[l]=t}function xi(l,e,t){let n;Ln=Nn,On=jn,[Nn,jn]=oe.move(k,Nn,jn),oe.left=Nn,oe.top=jn,re&&(Cn&&A(Cn,rl(Nn),0,Ie,Le),Hn&&A(Hn,0,rl(jn),Ie,Le)),si=gl,ri=null;let i=0==jl.ori?Ie:Le,o=1==jl.ori?Ie:Le;if(0>Nn||0==Gt||Lt>en){n=oe.idx=null;for(let l=0;pl.length>l;l++){let e=Dt[l];null!=e&&A(e,-10,-10,Ie,Le)}Et&&oi(null,ai,!0,null==l&&Fi.setSeries),ie.live&&(te.fill(n),_t=!0)}else{let l,e,t;1==M&&(l=0==jl.ori?Nn:jn,e=fi(l,El),n=oe.idx=L(e,g[0],Lt,en),t=$l(g[0][n],jl,i,0));let s=-10,r=-10,u=0,a=0,f=!0,c="",h="";for(let l=2==M?1:0;pl.length>l;l++){let d=pl[l],p=te[l],m=null==p?null:1==M?g[l][p]:g[l][1][p],x=oe.dataIdx(k,l,n,e),w=null==x?null:1==M?g[l][x]:g[l][1][x];if(_t=_t||w!=m||x!=p,te[l]=x,l>0&&d.show){let e=null==x?-10:x==n?t:$l(1==M?g[0][x]:g[l][0][x],jl,i,0),p=null==w?-10:ql(w,1==M?vl[d.scale]:vl[d.facets[1].scale],o,0);if(Et&&null!=w){let e=1==jl.ori?Nn:jn,t=ol(Tt.dist(k,l,x,p,e));if(si>t){let n=Tt.bias;if(0!=n){let i=fi(e,d.scale),o=0>i?-1:1;o!=(0>w?-1:1)||(1==o?1==n?i>w:w>i:1==n?w>i:i>w)||(si=t,ri=l)}else si=t,ri=l}}if(_t||zt){let t,n;0==jl.ori?(t=e,n=p):(t=p,n=e);let i,o,d,m,g,x,w=!0,_=St.bbox;if(null!=_){w=!1;let e=_(k,l);d=e.left,m=e.top,i=e.width,o=e.height}else d=t,m=n,i=o=St.size(k,l);if(x=St.fill(k,l),g=St.stroke(k,l),zt)l!=ri||si>Tt.prox||(s=d,r=m,u=i,a=o,f=w,c=x,h=g);else{let e=Dt[l];null!=e&&(Pt[l]=d,At[l]=m,H(e,i,o,w),Y(e,x,g),A(e,ul(d),ul(m),Ie,Le))}}}}if(zt){let l=Tt.prox;if(_t||(null==ui?l>=si:si>l||ri!=ui)){let l=Dt[0];null!=l&&(Pt[0]=s,At[0]=r,H(l,u,a,f),Y(l,c,h),A(l,ul(s),ul(r),Ie,Le))}}}if(ei.show&&Xn)if(null!=l){let[e,t]=Fi.scales,[n,s]=Fi.match,[r,u]=l.cursor.sync.scales,a=l.cursor.drag;if(Qn=a._x,li=a._y,Qn||li){let a,f,c,h,d,{left:p,top:m,width:g,height:x}=l.select,w=l.scales[r].ori,_=l.posToVal,b=null!=e&&n(e,r),v=null!=t&&s(t,u);b&&Qn?(0==w?(a=p,f=g):(a=m,f=x),c=vl[e],h=$l(_(a,r),c,i,0),d=$l(_(a+f,r),c,i,0),di(al(h,d),ol(d-h))):di(0,i),v&&li?(1==w?(a=p,f=g):(a=m,f=x),c=vl[t],h=ql(_(a,u),c,o,0),d=ql(_(a+f,u),c,o,0),pi(al(h,d),ol(d-h))):pi(0,o)}else yi()}else{let l=ol(Ln-Fn),e=ol(On-Rn);if(1==jl.ori){let t=l;l=e,e=t}Qn=Zn.x&&l>=Zn.dist,li=Zn.y&&e>=Zn.dist;let t,n,s=Zn.uni;null!=s?Qn&&li&&(Qn=l>=s,li=e>=s,Qn||li||(e>l?li=!0:Qn=!0)):Zn.x&&Zn.y&&(Qn||li)&&(Qn=li=!0),Qn&&(0==jl.ori?(t=Gn,n=Nn):(t=In,n=jn),di(al(t,n),ol(n-t)),li||pi(0,o)),li&&(1==jl.ori?(t=Gn,n=Nn):(t=In,n=jn),pi(al(t,n),ol(n-t)),Qn||di(0,i)),Qn||li||(di(0,0),pi(0,0))}if(Zn._x=Qn,Zn._y=li,null==l){if(t){if(null!=Ri){let[l,e]=Fi.scales;Fi.values[0]=null!=l?fi(0==jl.ori?Nn:jn,l):null,Fi.values[1]=null!=e?fi(1==jl.ori?Nn:jn,e):null}Ii(f,k,Nn,jn,Ie,Le,n)}if(Et){let l=t&&Fi.setSeries,e=Tt.prox;null==ui?si>e||oi(ri,ai,!0,l):si>e?oi(null,ai,!0,l):ri!=ui&&oi(ri,ai,!0,l)}}_t&&(ie.idx=n,mi()),!1!==e&&Ci("setCursor")}k.setLegend=mi;let wi=null;function _i(l=!1){l?wi=null:(wi=el.getBoundingClientRect(),Ci("syncRect",wi))}function bi(l,e,t,n,i,o){oe._lock||Xn&&null!=l&&0==l.movementX&&0==l.movementY||(vi(l,e,t,n,i,o,0,!1,null!=l),null!=l?xi(null,!0,!0):xi(e,!0,!1))}function vi(l,e,t,n,i,o,s,r,u){if(null==wi&&_i(!1),Mt(l),null!=l)t=l.clientX-wi.left,n=l.clientY-wi.top;else{if(0>t||0>n)return Nn=-10,void(jn=-10);let[l,s]=Fi.scales,r=e.cursor.sync,[u,a]=r.values,[f,c]=r.scales,[h,d]=Fi.match,p=e.axes[0].side%2==1,m=0==jl.ori?Ie:Le,g=1==jl.ori?Ie:Le,x=p?o:i,w=p?i:o,_=p?n:t,b=p?t:n;if(t=null!=f?h(l,f)?C(u,vl[l],m,0):-10:m*(_/x),n=null!=c?d(s,c)?C(a,vl[s],g,0):-10:g*(b/w),1==jl.ori){let l=t;t=n,n=l}}!u||null!=e&&e.cursor.event.type!=f||(t>1&&Ie-1>t||(t=zl(t,Ie)),n>1&&Le-1>n||(n=zl(n,Le))),r?(Fn=t,Rn=n,[Gn,In]=oe.move(k,t,n)):(Nn=t,jn=n)}Object.defineProperty(k,"rect",{get:()=>(null==wi&&_i(!1),wi)});const ki={width:0,height:0,left:0,top:0};function yi(){ni(ki,!1)}let Mi,Si,Ti,Ei;function zi(l,e,t,n,i,o){Xn=!0,Qn=li=Zn._x=Zn._y=!1,vi(l,e,t,n,i,o,0,!0,!1),null!=l&&(Ce(h,b,Di,!1),Ii(c,k,Gn,In,Ie,Le,null));let{left:s,top:r,width:u,height:a}=ei;Mi=s,Si=r,Ti=u,Ei=a}function Di(l,e,t,n,i,o){Xn=Zn._x=Zn._y=!1,vi(l,e,t,n,i,o,0,!1,!0);let{left:s,top:r,width:u,height:a}=ei,f=u>0||a>0,c=Mi!=s||Si!=r||Ti!=u||Ei!=a;if(f&&c&&ni(ei),Zn.setScale&&f&&c){let l=s,e=u,t=r,n=a;if(1==jl.ori&&(l=r,e=a,t=s,n=u),Qn&&ii(El,fi(l,El),fi(l+e,El)),li)for(let l in vl){let e=vl[l];l!=El&&null==e.from&&e.min!=gl&&ii(l,fi(t+n,l),fi(t,l))}yi()}else oe.lock&&(oe._lock=!oe._lock,xi(e,!0,null!=l));null!=l&&(He(h,b),Ii(h,k,Nn,jn,Ie,Le,null))}function Pi(l){oe._lock||(Mt(l),xn(),yi(),null!=l&&Ii(m,k,Nn,jn,Ie,Le,null))}function Ai(){xl.forEach(ln),vt(k.width,k.height,!0)}G(x,v,Ai);const Wi={};Wi.mousedown=zi,Wi.mousemove=bi,Wi.mouseup=Di,Wi.dblclick=Pi,Wi.setSeries=(l,e,t,n)=>{-1!=(t=(0,Fi.match[2])(k,e,t))&&oi(t,n,!0,!1)},re&&(Ce(c,el,zi),Ce(f,el,bi),Ce(d,el,(l=>{Mt(l),_i(!1)})),Ce(p,el,(function(l){if(oe._lock)return;Mt(l);let e=Xn;if(Xn){let l,e,t=!0,n=!0,i=10;0==jl.ori?(l=Qn,e=li):(l=li,e=Qn),l&&e&&(t=i>=Nn||Nn>=Ie-i,n=i>=jn||jn>=Le-i),l&&t&&(Nn=Gn>Nn?0:Ie),e&&n&&(jn=In>jn?0:Le),xi(null,!0,!0),Xn=!1}Nn=-10,jn=-10,te.fill(null),xi(null,!0,!0),e&&(Xn=e)})),Ce(m,el,Pi),It.add(k),k.syncRect=_i);const Yi=k.hooks=u.hooks||{};function Ci(l,e,t){Vn?Bn.push([l,e,t]):l in Yi&&Yi[l].forEach((l=>{l.call(null,k,e,t)}))}(u.plugins||[]).forEach((l=>{for(let e in l.hooks)Yi[e]=(Yi[e]||[]).concat(l.hooks[e])}));const Hi=(l,e,t)=>t,Fi=Bl({key:null,setSeries:!1,filters:{pub:Ml,sub:Ml},scales:[El,pl[1]?pl[1].scale:null],match:[Sl,Sl,Hi],values:[null,null]},oe.sync);2==Fi.match.length&&Fi.match.push(Hi),oe.sync=Fi;const Ri=Fi.key,Gi=dt(Ri);function Ii(l,e,t,n,i,o,s){Fi.filters.pub(l,e,t,n,i,o,s)&&Gi.pub(l,e,t,n,i,o,s)}function Li(){Ci("init",u,g),gn(g||u.data,!1),Kl[El]?Kn(El,Kl[El]):xn(),wt=ei.show&&(ei.width>0||ei.height>0),xt=_t=!0,vt(u.width,u.height)}return Gi.sub(k),k.pub=function(l,e,t,n,i,o,s){Fi.filters.sub(l,e,t,n,i,o,s)&&Wi[l](null,e,t,n,i,o,s)},k.destroy=function(){Gi.unsub(k),It.delete(k),Pe.clear(),I(x,v,Ai),R.remove(),ce?.remove(),Ci("destroy")},pl.forEach(Yt),xl.forEach((function(l,e){if(l._show=l.show,l.show){let t=vl[l.scale];null==t&&(l.scale=l.side%2?pl[1].scale:El,t=vl[l.scale]);let n=t.time;l.size=bl(l.size),l.space=bl(l.space),l.rotate=bl(l.rotate),Gl(l.incrs)&&l.incrs.forEach((l=>{!Wl.has(l)&&Wl.set(l,Yl(l))})),l.incrs=bl(l.incrs||(2==t.distr?ae:n?1==hl?ke:Se:fe)),l.splits=bl(l.splits||(n&&1==t.distr?Ql:3==t.distr?Je:4==t.distr?qe:$e)),l.stroke=bl(l.stroke),l.grid.stroke=bl(l.grid.stroke),l.ticks.stroke=bl(l.ticks.stroke),l.border.stroke=bl(l.border.stroke);let i=l.values;l.values=Gl(i)&&!Gl(i[0])?bl(i):n?Gl(i)?De(Xl,ze(i,Zl)):Ll(i)?function(l,e){let t=ne(e);return(e,n)=>n.map((e=>t(l(e))))}(Xl,i):i||le:i||Be,l.filter=bl(l.filter||(3>t.distr||10!=t.log?3==t.distr&&2==t.log?tt:kl:et)),l.font=Qt(l.font),l.labelFont=Qt(l.labelFont),l._size=l.size(k,null,e,0),l._space=l._rotate=l._incrs=l._found=l._splits=l._values=null,l._size>0&&(Ct[e]=!0,l._el=D("u-axis",X))}})),_?_ instanceof HTMLElement?(_.appendChild(R),Li()):_(k,Li):Li(),k}en.assign=Bl,en.fmtNum=tl,en.rangeNum=Z,en.rangeLog=B,en.rangeAsinh=$,en.orient=pt,en.pxRatio=y,en.join=function(l,e){if(function(l){let e=l[0][0],t=e.length;for(let n=1;l.length>n;n++){let i=l[n][0];if(i.length!=t)return!1;if(i!=e)for(let l=0;t>l;l++)if(i[l]!=e[l])return!1}return!0}(l)){let e=l[0].slice();for(let t=1;l.length>t;t++)e.push(...l[t].slice(1));return function(l,e=100){const t=l.length;if(1>=t)return!0;let n=0,i=t-1;for(;i>=n&&null==l[n];)n++;for(;i>=n&&null==l[i];)i--;if(n>=i)return!0;const o=fl(1,sl((i-n+1)/e));for(let e=l[n],t=n+o;i>=t;t+=o){const n=l[t];if(null!=n){if(e>=n)return!1;e=n}}return!0}(e[0])||(e=function(l){let e=l[0],t=e.length,n=Array(t);for(let l=0;n.length>l;l++)n[l]=l;n.sort(((l,t)=>e[l]-e[t]));let i=[];for(let e=0;l.length>e;e++){let o=l[e],s=Array(t);for(let l=0;t>l;l++)s[l]=o[n[l]];i.push(s)}return i}(e)),e}let t=new Set;for(let e=0;l.length>e;e++){let n=l[e][0],i=n.length;for(let l=0;i>l;l++)t.add(n[l])}let n=[Array.from(t).sort(((l,e)=>l-e))],i=n[0].length,o=new Map;for(let l=0;i>l;l++)o.set(n[0][l],l);for(let t=0;l.length>t;t++){let s=l[t],r=s[0];for(let l=1;s.length>l;l++){let u=s[l],a=Array(i).fill(void 0),f=e?e[t][l]:1,c=[];for(let l=0;u.length>l;l++){let e=u[l],t=o.get(r[l]);null===e?0!=f&&(a[t]=e,2==f&&c.push(t)):a[t]=e}$l(a,c,i),n.push(a)}}return n},en.fmtDate=ne,en.tzDate=function(l,e){let t;return"UTC"==e||"Etc/UTC"==e?t=new Date(+l+6e4*l.getTimezoneOffset()):e==ie?t=l:(t=new Date(l.toLocaleString("en-US",{timeZone:e})),t.setMilliseconds(l.getMilliseconds())),t},en.sync=dt;{en.addGap=function(l,e,t){let n=l[l.length-1];n&&n[0]==e?n[1]=t:l.push([e,t])},en.clipGaps=wt;let l=en.paths={points:Wt};l.linear=Ft,l.stepped=function(l){const e=Q(l.align,1),t=Q(l.ascDesc,!1),n=Q(l.alignGaps,0),i=Q(l.extend,!1);return(l,o,s,r)=>pt(l,o,((u,a,f,c,h,d,p,m,g,x,w)=>{[s,r]=U(f,s,r);let _=u.pxRound,{left:b,width:v}=l.bbox,k=l=>_(d(l,c,x,m)),M=l=>_(p(l,h,w,g)),S=0==c.ori?Mt:St;const T={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},E=T.stroke,z=c.dir*(0==c.ori?1:-1);let D=M(f[1==z?s:r]),P=k(a[1==z?s:r]),A=P,W=P;i&&-1==e&&(W=b,S(E,W,D)),S(E,P,D);for(let l=1==z?s:r;l>=s&&r>=l;l+=z){let t=f[l];if(null==t)continue;let n=k(a[l]),i=M(t);1==e?S(E,n,D):S(E,A,i),S(E,n,i),D=i,A=n}let Y=A;i&&1==e&&(Y=b+v,S(E,Y,D));let[C,H]=mt(l,o);if(null!=u.fill||0!=C){let e=T.fill=new Path2D(E),t=M(u.fillTo(l,o,u.min,u.max,C));S(e,Y,t),S(e,W,t)}if(!u.spanGaps){let i=[];i.push(..._t(a,f,s,r,z,k,n));let h=u.width*y/2,d=t||1==e?h:-h,p=t||-1==e?-h:h;i.forEach((l=>{l[0]+=d,l[1]+=p})),T.gaps=i=u.gaps(l,o,s,r,i),T.clip=wt(i,c.ori,m,g,x,w)}return 0!=H&&(T.band=2==H?[xt(l,o,s,r,E,-1),xt(l,o,s,r,E,1)]:xt(l,o,s,r,E,H)),T}))},l.bars=function(l){const e=Q((l=l||Hl).size,[.6,gl,1]),t=l.align||0,n=l.gap||0;let i=l.radius;i=null==i?[0,0]:"number"==typeof i?[i,0]:i;const o=bl(i),s=1-e[0],r=Q(e[1],gl),u=Q(e[2],1),a=Q(l.disp,Hl),f=Q(l.each,(()=>{})),{fill:c,stroke:h}=a;return(l,e,i,d)=>pt(l,e,((p,m,g,x,w,_,b,v,k,M,S)=>{let T,E,z=p.pxRound,D=t,P=n*y,A=r*y,W=u*y;0==x.ori?[T,E]=o(l,e):[E,T]=o(l,e);const Y=x.dir*(0==x.ori?1:-1);let C,H,F,R=0==x.ori?Tt:Et,G=0==x.ori?f:(l,e,t,n,i,o,s)=>{f(l,e,t,i,n,s,o)},I=Q(l.bands,Fl).find((l=>l.series[0]==e)),L=p.fillTo(l,e,p.min,p.max,null!=I?I.dir:0),O=z(b(L,w,S,k)),N=M,j=z(p.width*y),U=!1,V=null,B=null,$=null,J=null;null==c||0!=j&&null==h||(U=!0,V=c.values(l,e,i,d),B=new Map,new Set(V).forEach((l=>{null!=l&&B.set(l,new Path2D)})),j>0&&($=h.values(l,e,i,d),J=new Map,new Set($).forEach((l=>{null!=l&&J.set(l,new Path2D)}))));let{x0:q,size:K}=a;if(null!=q&&null!=K){D=1,m=q.values(l,e,i,d),2==q.unit&&(m=m.map((e=>l.posToVal(v+e*M,x.key,!0))));let t=K.values(l,e,i,d);H=2==K.unit?t[0]*M:_(t[0],x,M,v)-_(0,x,M,v),N=Rt(m,g,_,x,M,v,N),F=N-H+P}else N=Rt(m,g,_,x,M,v,N),F=N*s+P,H=N-F;1>F&&(F=0),H/2>j||(j=0),5>F&&(z=vl);let X=F>0;H=z(wl(N-F-(X?j:0),W,A)),C=(0==D?H/2:D==Y?0:H)-D*Y*((0==D?P/2:0)+(X?j/2:0));const Z={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},ll=U?null:new Path2D;let el=null;if(null!=I)el=l.data[I.series[1]];else{let{y0:t,y1:n}=a;null!=t&&null!=n&&(g=n.values(l,e,i,d),el=t.values(l,e,i,d))}let tl=T*H,nl=E*H;for(let t=1==Y?i:d;t>=i&&d>=t;t+=Y){let n=g[t];if(null==n)continue;if(null!=el){let l=el[t]??0;if(n-l==0)continue;O=b(l,w,S,k)}let i=_(2!=x.distr||null!=a?m[t]:t,x,M,v),o=b(Q(n,L),w,S,k),s=z(i-C),r=z(fl(o,O)),u=z(al(o,O)),f=r-u;if(null!=n){let i=0>n?nl:tl,o=0>n?tl:nl;U?(j>0&&null!=$[t]&&R(J.get($[t]),s,u+sl(j/2),H,fl(0,f-j),i,o),null!=V[t]&&R(B.get(V[t]),s,u+sl(j/2),H,fl(0,f-j),i,o)):R(ll,s,u+sl(j/2),H,fl(0,f-j),i,o),G(l,e,t,s-j/2,u,H+j,f)}}return j>0?Z.stroke=U?J:ll:U||(Z._fill=0==p.width?p._fill:p._stroke??p._fill,Z.width=0),Z.fill=U?B:ll,Z}))},l.spline=function(l){return function(l,e){const t=Q(e?.alignGaps,0);return(e,n,i,o)=>pt(e,n,((s,r,u,a,f,c,h,d,p,m,g)=>{[i,o]=U(u,i,o);let x,w,_,b=s.pxRound,v=l=>b(c(l,a,m,d)),k=l=>b(h(l,f,g,p));0==a.ori?(x=kt,_=Mt,w=Pt):(x=yt,_=St,w=At);const y=a.dir*(0==a.ori?1:-1);let M=v(r[1==y?i:o]),S=M,T=[],E=[];for(let l=1==y?i:o;l>=i&&o>=l;l+=y)if(null!=u[l]){let e=v(r[l]);T.push(S=e),E.push(k(u[l]))}const z={stroke:l(T,E,x,_,w,b),fill:null,clip:null,band:null,gaps:null,flags:1},D=z.stroke;let[P,A]=mt(e,n);if(null!=s.fill||0!=P){let l=z.fill=new Path2D(D),t=k(s.fillTo(e,n,s.min,s.max,P));_(l,S,t),_(l,M,t)}if(!s.spanGaps){let l=[];l.push(..._t(r,u,i,o,y,v,t)),z.gaps=l=s.gaps(e,n,i,o,l),z.clip=wt(l,a.ori,d,p,m,g)}return 0!=A&&(z.band=2==A?[xt(e,n,i,o,D,-1),xt(e,n,i,o,D,1)]:xt(e,n,i,o,D,A)),z}))}(Gt,l)}}return en}();
// src/footfall/dashboard/assets/again.js
var FIRST = 1e3;
var LONGEST = 6e4;
var LONGEST_WISH = 6e5;
var retries = /* @__PURE__ */ new Set();
var tries = 0;
var timer = 0;
var due = 0;
var pause = 0;
function askAgain(retry, { wait = 0 } = {}) {
  retries.add(retry);
  pause ||= pauseAfter(tries);
  const wanted = Math.min(wait, LONGEST_WISH) + pause;
  if (timer && wanted <= due) return;
  clearTimeout(timer);
  due = wanted;
  timer = setTimeout(run, due);
}
var pauseAfter = (number2) => (0.5 + Math.random() / 2) * Math.min(LONGEST, FIRST * 2 ** number2);
function run() {
  const waiting = [...retries];
  stopAsking();
  tries += 1;
  for (const retry of waiting) retry();
}
function stopAsking() {
  clearTimeout(timer);
  timer = due = pause = 0;
  retries.clear();
}
function beginAnew() {
  stopAsking();
  tries = 0;
}

// src/footfall/dashboard/assets/dom.js
var SVG = "http://www.w3.org/2000/svg";
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}
function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== null && value !== void 0) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== void 0 && child !== false && child !== ""));
  return element;
}
var byId = (id) => document.getElementById(id);
function named(text) {
  return make("bdi", { title: printable(text) }, printable(text));
}
var LONG = 18;
function namedPath(path, own = ownNameOf(path)) {
  const cut = path.length - own > Math.max(LONG, own) ? middleOf(path, own) : own;
  const [folders, begin, end] = [path.slice(0, own), path.slice(own, cut), path.slice(cut)].map((text) => printable(text));
  const first = make("span", { class: "begin" }, folders && make("span", { class: "folders" }, folders), begin);
  return make("bdi", { class: "path", title: folders + begin + end }, cut > 0 && first, make("span", { class: "end" }, end));
}
function ownNameOf(path) {
  return path.length > 1 ? path.lastIndexOf("/", path.length - 2) + 1 : 0;
}
function middleOf(path, own) {
  const middle = Math.floor(path.length / 2);
  const [before2, after] = [path.slice(own, middle).search(/[-_. ][^-_. ]*$/), path.slice(middle).search(/[-_. ]/)];
  if (before2 >= 0 && (after < 0 || middle - own - before2 <= after)) return own + before2 + 1;
  if (after >= 0 && middle + after + 1 < path.length) return middle + after + 1;
  return /[\udc00-\udfff]/.test(path[middle]) ? middle + 1 : middle;
}
var UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
function printable(text) {
  return text.replace(UNSEEN, (letter) => `\\u${letter.codePointAt(0).toString(16).padStart(4, "0")}`);
}

// src/footfall/dashboard/assets/embed.js
var isEmbedded = document.documentElement.classList.contains("embedded");
var LEFT_OUT = ["errors"];
var isShown = (panel) => !(isEmbedded && LEFT_OUT.includes(panel));
function embed() {
  const link2 = make("a", { id: "whole", class: "plain", href: "./", target: "_blank", rel: "noopener noreferrer" }, "Whole dashboard");
  byId("freshness").parentElement.after(link2);
  if (parent !== window) new ResizeObserver(tellHeight).observe(document.body);
  return link2;
}
function tellHeight() {
  parent.postMessage({ type: "footfall", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}

// src/footfall/dashboard/assets/storage.js
function storageOf(name) {
  try {
    const found = window[name];
    found.getItem("");
    return found;
  } catch {
    const kept = /* @__PURE__ */ new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key)
    };
  }
}
var ofTab = storageOf("sessionStorage");
var ofDevice = storageOf("localStorage");

// src/footfall/dashboard/assets/share.js
var TOKEN = "footfall-token";
var addressed = null;
var getToken = () => isEmbedded ? addressed : ofTab.getItem(TOKEN) ?? ofDevice.getItem(TOKEN);
function keepToken(token, isForDevice = false) {
  if (isForDevice) forgetToken();
  (isForDevice ? ofDevice : ofTab).setItem(TOKEN, token);
}
function forgetToken() {
  ofTab.removeItem(TOKEN);
  ofDevice.removeItem(TOKEN);
}
var fragment = () => addressed === null ? "" : `#token=${addressed}`;
function takeToken() {
  const [, token] = location.hash.match(/^#token=([\w.-]+)$/) ?? [];
  if (!token) return false;
  if (isEmbedded) {
    addressed = token;
    return true;
  }
  keepToken(token);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}
function sharedPrefix() {
  const encoded = getToken()?.split(".")[1];
  if (!encoded) return "";
  try {
    const letters = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))).replace(/^\//, "");
  } catch {
    return "";
  }
}

// src/footfall/dashboard/assets/api.js
var BASE = new URL("api/v1/", document.baseURI);
var PATIENCE = 3e4;
var FRESH = 6e4;
var MOST_ANSWERS = 60;
var MOST_QUESTIONS = 20;
var LONGEST_ADDRESS = 6e3;
var MEANINGS = {
  429: "too many requests at once",
  502: "the server does not answer",
  503: "the server is busy",
  504: "the server took too long"
};
var ApiError = class extends Error {
  constructor(message, status, { wait = 0, isTooMuch = false, isQuiet = false } = {}) {
    super(message);
    this.status = status;
    this.wait = wait;
    this.isTooMuch = isTooMuch;
    this.isQuiet = isQuiet;
  }
  /** Whether a retry may help. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
};
var answers = /* @__PURE__ */ new Map();
var asked = [];
var most = MOST_QUESTIONS;
var asking = null;
var askForToken = async () => null;
function onTokenNeeded(asker) {
  askForToken = asker;
}
var hasToken = () => getToken() !== null;
var forgetAnswers = () => answers.clear();
async function get(path, parameters = {}, signal = void 0, isQuiet = false) {
  const address = addressOf(path, parameters);
  const [at, known] = answers.get(address) ?? [];
  if (at && Date.now() - at < FRESH) return known;
  const answer = await answerTo(address, signal, isQuiet);
  answers.delete(address);
  answers.set(address, [Date.now(), answer]);
  if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value);
  return answer;
}
async function askForReach() {
  try {
    const response = await tryToFetch(addressOf("dimensions"), getToken());
    return response.ok ? (await readJson(response)).complete_until : null;
  } catch {
    return null;
  }
}
async function getFile(path, parameters, format) {
  const response = await fetchFrom(addressOf(path, { ...parameters, format }));
  return response.blob();
}
function addressOf(path, parameters = {}) {
  const address = new URL(path, BASE);
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) {
      if (each !== null && each !== void 0 && each !== "") address.searchParams.append(name, each);
    }
  }
  return address.href;
}
function answerTo(address, signal, isQuiet) {
  const same = asked.find((each) => each.address === address && each.signal === signal && each.isQuiet === isQuiet);
  if (same) return same.answer;
  const question3 = { address, signal, isQuiet };
  question3.answer = new Promise((resolve, reject) => Object.assign(question3, { resolve, reject }));
  enqueue(question3);
  return question3.answer;
}
function enqueue(question3) {
  asked.push(question3);
  if (asked.length === 1) queueMicrotask(sendAsked);
}
function sendAsked() {
  const questions = asked;
  asked = [];
  const batches = [];
  for (const question3 of questions) {
    const fitting = batches.find((batch) => batch[0].signal === question3.signal && fits([...batch, question3]));
    if (fitting) fitting.push(question3);
    else batches.push([question3]);
  }
  batches.forEach(send);
}
var fits = (questions) => questions.length <= most && batchOf(questions).length <= LONGEST_ADDRESS;
function batchOf(questions) {
  const address = new URL("batch", BASE);
  for (const question3 of questions) address.searchParams.append("ask", question3.address.slice(BASE.href.length));
  return address.href;
}
async function send(questions) {
  const token = getToken();
  try {
    const found = await answersTo(questions);
    most = Math.min(MOST_QUESTIONS, most * 2);
    questions.forEach((question3, number2) => settle(question3, found[number2], token));
  } catch (error) {
    if (error.isTooMuch) most = Math.ceil(questions.length / 2);
    for (const { reject } of questions) reject(error);
  }
}
function settle(question3, { status, answer, error }, token) {
  if (status === 200) question3.resolve(answer);
  else if (status === 401) newToken(token, question3.isQuiet).then(() => enqueue(question3), question3.reject);
  else question3.reject(new ApiError(error, status));
}
async function answersTo(questions) {
  const { signal } = questions[0];
  const isQuiet = questions.every((question3) => question3.isQuiet);
  if (questions.length > 1) return (await readJson(await fetchFrom(batchOf(questions), signal, isQuiet))).answers;
  return [{ status: 200, answer: await readJson(await fetchFrom(questions[0].address, signal, isQuiet)) }];
}
async function fetchFrom(address, signal, isQuiet = false) {
  const token = getToken();
  const response = await tryToFetch(address, token, signal);
  if (response.ok) return response;
  if (response.status === 401) {
    await newToken(token, isQuiet);
    return fetchFrom(address, signal, isQuiet);
  }
  const { error } = await response.json().catch(() => ({}));
  const said = error ?? MEANINGS[response.status] ?? `the server answered ${response.status}`;
  const wait = waitOf(response.headers.get("Retry-After"));
  throw new ApiError(said, response.status, { wait, isTooMuch: response.status >= 500 && !wait });
}
function waitOf(text) {
  const wait = /^\d+$/.test(text ?? "") ? Number(text) * 1e3 : Date.parse(text ?? "") - Date.now();
  return wait > 0 ? wait : 0;
}
async function tryToFetch(address, token, signal) {
  const tooLate = AbortSignal.timeout(PATIENCE);
  const headers = { Accept: "application/json", ...token ? { Authorization: `Bearer ${token}` } : {} };
  try {
    return await fetch(address, { headers, cache: "no-store", signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate });
  } catch (error) {
    signal?.throwIfAborted();
    if (tooLate.aborted) throw new ApiError(`no answer within ${PATIENCE / 1e3} seconds; try a shorter period`, 0, { isTooMuch: true });
    throw new ApiError("the server cannot be reached", 0);
  }
}
async function readJson(response) {
  return response.json().catch(() => {
    throw new ApiError("the server's answer was cut short", 0);
  });
}
async function newToken(refused, isQuiet) {
  if (getToken() !== refused) return;
  if (isQuiet && refused === null) throw new ApiError("a token is needed", 401, { isQuiet });
  asking ??= askForToken(refused !== null).finally(() => asking = null);
  const given = await asking;
  if (given === null) throw new ApiError("a token is needed", 401);
  keepToken(given.token, given.isForDevice);
}

// src/footfall/dashboard/assets/periods.js
var DAY = 864e5;
var CHOICES = {
  today: ["Today", (today) => [today, today], "D"],
  yesterday: ["Yesterday", (today) => [addDays(today, -1), addDays(today, -1)], "E"],
  "7d": ["7 days", (today) => latest(7, today), "W"],
  "28d": ["28 days", (today) => latest(28, today), "F"],
  "90d": ["90 days", (today) => latest(90, today), "Q"],
  month: ["Month", (today) => monthOf(today), "M"],
  "last-month": ["Last month", (today) => monthOf(addDays(monthOf(today)[0], -1)), "L"],
  "12m": ["12 months", (today) => [addDays(yearBefore(today), 1), today], "T"],
  year: ["Year", (today) => yearOf(today), "Y"],
  all: ["All", () => [null, null], "A"]
};
var DEFAULT = "latest";
var USUAL = "28d";
var LATE = 2;
var INTERVALS = ["hour", "day", "week", "month"];
var MOST_POINTS = 750;
var isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && dayOf(timeOf(text)) === text;
var todayIn = (zone) => localTime(/* @__PURE__ */ new Date(), zone).slice(0, 10);
function localTime(moment, zone) {
  const asked3 = {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23"
  };
  const parts2 = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", asked3).formatToParts(moment).map((part) => [part.type, part.value])
  );
  return `${parts2.year}-${parts2.month}-${parts2.day}T${parts2.hour}:${parts2.minute}`;
}
var addDays = (day, number2) => dayOf(timeOf(day) + number2 * DAY);
var countDays = (start, end) => Math.round((timeOf(end) - timeOf(start)) / DAY) + 1;
var latest = (number2, today) => [addDays(today, 1 - number2), today];
var yearBefore = (day) => `${String(Number(day.slice(0, 4)) - 1).padStart(4, "0")}${day.slice(4).replace("-02-29", "-02-28")}`;
var monthOf = (day) => [`${day.slice(0, 7)}-01`, addDays(next(day, "month"), -1)];
var yearOf = (day) => [`${day.slice(0, 4)}-01-01`, `${day.slice(0, 4)}-12-31`];
var timeOf = (label2) => Date.parse(label2.length > 10 ? `${label2}Z` : `${label2}T00:00Z`);
function dayOf(time) {
  const date = new Date(time);
  return Number.isNaN(time) ? "" : date.toISOString().slice(0, 10);
}
function daysNamed(period, today) {
  if (Object.hasOwn(CHOICES, period ?? "")) return CHOICES[period][1](today);
  if (/^[1-9]\d{0,3}d$/.test(period ?? "")) return latest(parseInt(period), today);
  if (/^\d{4}$/.test(period ?? "")) return yearOf(period);
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(period ?? "")) return monthOf(`${period}-01`);
  return isDay(period) ? [period, period] : null;
}
function daysOf({ period, start, end }, today) {
  return start && end ? [start, end] : daysNamed(period, today) ?? daysNamed(USUAL, today);
}
var nameOf = (start, end, today) => Object.keys(CHOICES).find((name) => CHOICES[name][1](today).join() === `${start},${end}`);
function chosenOf(state2, { first_day: first, last_day: newest }, today) {
  const { period, start, end } = state2;
  if (start && end || daysNamed(period, today)) return { period, start, end };
  if (!newest || newest >= addDays(today, -LATE)) return { period: USUAL, start: null, end: null };
  const begin = addDays(newest, 1 - countDays(...CHOICES[USUAL][1](today)));
  return { period: null, start: begin < first ? first : begin, end: newest };
}
function choiceOf(start, end, today) {
  const name = nameOf(start, end, today);
  if (name && end >= today) return { period: name };
  if (start === end) return { period: start };
  if (monthOf(start).join() === `${start},${end}`) return { period: start.slice(0, 7) };
  if (yearOf(start).join() === `${start},${end}`) return { period: start.slice(0, 4) };
  return { start, end };
}
function shifted(choice2, steps, today) {
  const [start, end] = daysOf(choice2, today);
  if (!start) return null;
  let days2;
  if (yearOf(start).join() === `${start},${end}`) {
    days2 = yearOf(String(Number(start.slice(0, 4)) + steps).padStart(4, "0"));
  } else if (monthOf(start).join() === `${start},${end}`) {
    days2 = monthOf(steps < 0 ? addDays(start, -1) : next(start, "month"));
  } else {
    const length = countDays(start, end) * steps;
    days2 = [addDays(start, length), addDays(end, length)];
  }
  return days2[0] > today || days2[0] < "0001-01-01" ? null : choiceOf(...days2, today);
}
function before(start, end) {
  const after = addDays(end, 1);
  if (!start.endsWith("-01") || !after.endsWith("-01")) {
    const back = -7 * Math.ceil(countDays(start, end) / 7);
    return [addDays(start, back), addDays(end, back)];
  }
  const monthsOf = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const first = 2 * monthsOf(start) - monthsOf(after);
  const [year, month] = [Math.floor(first / 12), first % 12 + 1];
  return [`${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-01`, addDays(start, -1)];
}
function next(label2, interval) {
  if (interval === "hour") return new Date(timeOf(label2) + DAY / 24).toISOString().slice(0, 16);
  if (interval === "week") return addDays(label2, 7);
  if (interval === "day") return addDays(label2, 1);
  const [year, month] = label2.split("-").map(Number);
  return month === 12 ? `${String(year + 1).padStart(4, "0")}-01-01` : `${label2.slice(0, 5)}${String(month + 1).padStart(2, "0")}-01`;
}
function intervalsFor(days2) {
  const points = { hour: days2 * 24, day: days2, week: Math.ceil(days2 / 7), month: Math.ceil(days2 / 30.5) };
  const fitting = INTERVALS.filter((name) => points[name] <= MOST_POINTS && (points[name] > 1 || name === "hour"));
  const best = days2 <= 2 ? "hour" : days2 <= 92 ? "day" : days2 <= 731 ? "week" : "month";
  return { best, fitting };
}
function labelOf(day, interval) {
  if (interval === "week") return addDays(day, -((new Date(timeOf(day)).getUTCDay() + 6) % 7));
  return interval === "month" ? `${day.slice(0, 7)}-01` : day;
}
function countBegun(start, end, interval, until) {
  let count = 0;
  for (let label2 = labelOf(start, interval); label2 <= end && beginOf(label2) <= until; label2 = next(label2, interval)) count += 1;
  return count;
}
function countOver(start, end, interval, day) {
  const last = labelOf(day, interval);
  let count = 0;
  for (let label2 = labelOf(start, interval); label2 <= end && label2 < last; label2 = next(label2, interval)) count += 1;
  return count;
}
var beginOf = (label2) => label2.length > 10 ? label2 : `${label2}T00:00`;

// src/footfall/dashboard/assets/format.js
var LOCALES = navigator.languages?.length ? [...navigator.languages] : void 0;
var numbers = new Intl.NumberFormat(LOCALES);
var short = new Intl.NumberFormat(LOCALES, { notation: "compact", maximumFractionDigits: 1 });
var oneDigit = new Intl.NumberFormat(LOCALES, { maximumFractionDigits: 1 });
var shares = new Intl.NumberFormat(LOCALES, { style: "percent", maximumFractionDigits: 1 });
var wholeShares = new Intl.NumberFormat(LOCALES, { style: "percent", maximumFractionDigits: 0 });
var changes = new Intl.NumberFormat(LOCALES, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
var agos = new Intl.RelativeTimeFormat(LOCALES, { numeric: "auto" });
var dates = (asked3) => new Intl.DateTimeFormat(LOCALES, { timeZone: "UTC", ...asked3 });
var range = dates({ day: "numeric", month: "short", year: "numeric" });
var labels = {
  hour: dates({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }),
  day: dates({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  month: dates({ month: "long", year: "numeric" })
};
var ticks = {
  hour: dates({ hour: "numeric", minute: "2-digit" }),
  day: dates({ day: "numeric", month: "short" }),
  month: dates({ month: "short" }),
  year: dates({ year: "numeric" })
};
var number = (value) => numbers.format(value);
var compact = (value) => short.format(value);
var decimal = (value) => oneDigit.format(value);
var share = (part, whole2) => shares.format(whole2 ? part / whole2 : 0);
var roughShare = (part, whole2) => 10 * part < whole2 ? share(part, whole2) : wholeShares.format(part / Math.max(1, whole2));
function change(now, before2) {
  if (before2 === now) return changes.format(0);
  if (before2 && now >= 10 * before2) return `×${short.format(now / before2)}`;
  return before2 ? changes.format((now - before2) / before2).replace("-", "−") : "new";
}
function direction(now, before2) {
  const difference = Math.abs(now - before2);
  if (10 * difference < before2 || difference <= Math.sqrt(Math.max(now, before2))) return "same";
  return now > before2 ? "up" : "down";
}
var days = (start, end) => start === end ? labels.day.format(timeOf(start)) : range.formatRange(timeOf(start), timeOf(end));
var shortDays = (start, end, today) => start.slice(0, 4) === today.slice(0, 4) && end.slice(0, 4) === today.slice(0, 4) ? ticks.day.formatRange(timeOf(start), timeOf(end)) : range.formatRange(timeOf(start), timeOf(end));
var dayIn = (day, today) => (day.slice(0, 4) === today.slice(0, 4) ? ticks.day : range).format(timeOf(day));
function label(at, interval) {
  if (interval === "week") return `week of ${range.format(timeOf(at))}`;
  return labels[interval].format(timeOf(at));
}
var tick = (at, unit) => ticks[unit].format(timeOf(at));
function reach(at, zone, today) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(at));
  const date = day === today ? {} : { day: "numeric", month: "short", ...day.slice(0, 4) === today.slice(0, 4) ? {} : { year: "numeric" } };
  const time = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat(LOCALES, { timeZone: zone, ...date, ...time }).format(new Date(at));
}
var clock = (at) => new Intl.DateTimeFormat(LOCALES, { timeStyle: "short" }).format(at);
var UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60]
];
function ago(at) {
  const seconds = (new Date(at) - Date.now()) / 1e3;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  return agos.format(Math.trunc(seconds / length), unit);
}

// src/footfall/dashboard/assets/filters.js
var countries = new Intl.DisplayNames(navigator.languages, { type: "region", fallback: "code" });
var OTHERS = "(other)";
function halvesOf(filter) {
  const [dimension, ...value] = filter.split("=");
  return [dimension, value.join("=")];
}
function choose({ dimension, isFilter }, value, view2) {
  if (value === OTHERS) return null;
  const filter = `${dimension}=${value}`;
  if (view2.filters.includes(filter)) return null;
  if (!isFilter || !combines(view2)) return { filters: [filter], page: null, prefix: "" };
  return { filters: [...view2.filters.filter((each) => halvesOf(each)[0] !== dimension), filter] };
}
function combines({ combinesFilters, prefix, filters, dimensions: dimensions2 }) {
  return combinesFilters && prefix === "" && filters.every((each) => isOfViews(each, dimensions2));
}
function canAnswer({ dimension, isFilter }, view2) {
  if (view2.prefix !== "") return false;
  if (!view2.filters.length && view2.page === null) return true;
  if (isFilter && combines(view2)) return true;
  return view2.page === null && view2.filters.length === 1 && halvesOf(view2.filters[0])[0] === dimension;
}
var isOfRequests = ({ filters, dimensions: dimensions2 }) => filters.some((each) => !isOfViews(each, dimensions2));
var isOfViews = (filter, dimensions2) => dimensions2.find((each) => each.dimension === halvesOf(filter)[0])?.is_filter ?? true;
var chosen = ({ filters, page }) => page === null ? filters : [`page=${page}`, ...filters];
function whyNot(view2) {
  if (isOfRequests(view2)) return "These requests are no views, and none of them is kept: nothing else is known of them.";
  if (view2.prefix !== "") return "Sources, countries, devices, bots and errors are counted for the whole site, not page by page.";
  if (view2.combinesFilters) return "Bots and errors are requests that are no views, so they are counted for the whole site.";
  return "This store counts by one thing at a time, so nothing else is known of these views. A store in SQLite can be filtered.";
}
function chipsOf({ filters, dimensions: dimensions2 }, on2) {
  return filters.map((filter) => {
    const [dimension, value] = halvesOf(filter);
    const title = dimensions2.find((each) => each.dimension === dimension)?.title ?? dimension;
    const name = dimension === "country" && /^[A-Z]{2}$/.test(value) ? countries.of(value) : value;
    const rest = filters.filter((each) => each !== filter);
    const said = { class: "chip", href: on2.href({ filters: rest }), "data-go": true, "aria-label": `Show all again, not only ${title} ${name}` };
    return make("li", {}, make("a", said, `${title}: `, named(name), make("span", { "aria-hidden": "true" }, "×")));
  });
}

// src/footfall/dashboard/assets/measures.js
var USUAL2 = "views";
var MEASURES = {
  visitors: { title: "Visitors over time", noun: ["visitor", "visitors"], isKnown: isOfSite },
  views: { title: "Views over time", noun: ["view", "views"], isKnown: () => true, isHourly: true },
  arrivals: { title: "Arrivals over time", noun: ["arrival", "arrivals"], isKnown: (view2) => !isOfRequests(view2) },
  bots: { title: "Bots over time", noun: ["page read by a bot", "pages read by bots"], isKnown: isOfSite }
};
var REQUESTS = { title: "Requests over time", noun: ["request", "requests"] };
function isOfSite({ page, prefix, filters }) {
  return page === null && prefix === "" && !filters.length && sharedPrefix() === "";
}
function measureOf(state2, dimensions2, suitable) {
  const { measure } = state2;
  return canDraw({ ...state2, dimensions: dimensions2, suitable }, measure) ? measure : USUAL2;
}
function canDraw(view2, measure) {
  const row2 = Object.hasOwn(MEASURES, measure) ? MEASURES[measure] : null;
  return !!row2?.isKnown(view2) && (row2.isHourly || view2.suitable.some((name) => name !== "hour"));
}
var intervalsOf = (measure, intervals) => intervals.filter((name) => name !== "hour" || MEASURES[measure].isHourly);
var drawn = (view2) => isOfRequests(view2) ? REQUESTS : MEASURES[view2.measure];
var asked2 = ({ measure }) => measure === USUAL2 ? null : measure;

// src/footfall/dashboard/assets/notice.js
var SLOW = 4e3;
var slow = 0;
function startWaiting() {
  document.body.classList.add("waiting");
  clearTimeout(slow);
  slow = setTimeout(() => notify("Still reading. Long periods of large sites take a while.", { kind: "info" }), SLOW);
}
function stopWaiting() {
  document.body.classList.remove("waiting");
  clearTimeout(slow);
  if (byId("notice").classList.contains("info")) hideNotice();
}
function notify(text, { kind = "problem", button = null, act = null } = {}) {
  show(kind, make("p", {}, text), ...button ? [strong(button, act)] : []);
}
function welcome(act) {
  show(
    "welcome",
    make("h2", {}, "Nothing is counted yet"),
    make("p", {}, "Count the logs that your bucket writes, then look again:"),
    make("pre", {}, make("code", {}, "footfall import FOLDER")),
    strong("Look again", act)
  );
}
function hideNotice() {
  byId("notice").hidden = true;
}
function say(text) {
  byId("said").textContent = text;
}
function show(kind, ...children) {
  const notice = byId("notice");
  notice.className = `notice ${kind}`;
  notice.hidden = false;
  notice.replaceChildren(...children);
}
var strong = (name, act) => make("button", { type: "button", class: "plain strong", click: () => act() }, name);

// src/footfall/dashboard/assets/files.js
var MOST_ROWS = 1e4;
var KEPT = 1e4;
function files(name, title, ask) {
  const button = (kind) => {
    const keep = () => keepFile(name, ...ask(), kind.toLowerCase(), keep);
    return make("button", { type: "button", class: "plain file", "aria-label": `${title} as ${kind}`, click: keep }, kind);
  };
  return make("div", { class: "files" }, button("CSV"), button("JSON"));
}
async function keepFile(name, path, { series, ...asked3 }, kind, retry) {
  const limit = path === "stats/history" ? null : MOST_ROWS;
  try {
    const address = URL.createObjectURL(await getFile(path, { ...asked3, limit }, kind));
    make("a", { href: address, download: `footfall-${name}-${asked3.start}-${asked3.end}.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), KEPT);
  } catch (error) {
    notify(`The file was not read: ${error.message}.`, { button: "Try again", act: () => (hideNotice(), retry()) });
  }
}

// src/footfall/dashboard/assets/links.js
var LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
var HOST = new RegExp(`^(?=.{4,253}$)(${LABEL}\\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$`, "i");
function addressOf2(host, page = "/") {
  if (!HOST.test(host)) return null;
  const path = page === "/" ? "" : page.replace(/^%23/, "#");
  return `https://${host.toLowerCase()}/${path.toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
}
function linkOut(address, name) {
  if (!address) return null;
  const arrow = draw("path", { d: "M4 2h6v6M10 2 2.500 9.500" });
  return make(
    "a",
    {
      class: "out",
      href: address,
      target: "_blank",
      rel: "noopener noreferrer",
      "aria-label": `Open ${printable(name)} in a new tab`,
      title: address
    },
    draw("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", focusable: "false" }, arrow)
  );
}

// src/footfall/dashboard/assets/view.js
function viewOf(state2, { sites, time_zone }, { dimensions: dimensions2, combines_filters: combinesFilters }) {
  const zone = time_zone ?? "UTC";
  const today = todayIn(zone);
  const site = sites.find(({ site: name }) => name === state2.site) ?? sites[0];
  const isAll = state2.period === "all";
  const { first_day: firstDay, last_day: lastDay } = site;
  const chosen2 = chosenOf(state2, site, today);
  const [start, end] = isAll ? [firstDay ?? today, lastDay ?? today] : daysOf(chosen2, today);
  const before2 = before(start, end);
  const isEmpty = !firstDay || end < firstDay || start > lastDay;
  const days2 = countDays(start, end);
  const suited = intervalsFor(days2);
  const suitable = suited.fitting.filter((name) => name !== "hour" || !(state2.prefix || isOfRequests({ ...state2, dimensions: dimensions2 })));
  const measure = measureOf(state2, dimensions2, suitable);
  const intervals = intervalsOf(measure, suitable);
  const best = intervals.includes(suited.best) ? suited.best : intervals[0] ?? "day";
  const interval = intervals.includes(state2.by) ? state2.by : best;
  return {
    ...state2,
    ...chosen2,
    site: site.site,
    dimensions: dimensions2,
    combinesFilters: combinesFilters && sharedPrefix() === "",
    // a token for some pages does not allow filters
    start,
    end,
    days: days2,
    before: before2,
    measure,
    today,
    zone,
    suitable,
    intervals,
    interval,
    isAll,
    firstDay,
    lastDay,
    isEmpty,
    // none of its days has logs
    isCompared: state2.compare && !isAll && !isEmpty && before2[1] >= firstDay
    // there are logs before it
  };
}
var common = ({ site, start, end }) => ({ site, start, end });
var compared = ({ isCompared }) => ({ compare: isCompared ? "weekdays" : null });
var FEWEST_DAYS = 2;
function comparisonOf(answer) {
  const { previous, covered_days: covered } = answer;
  const daysOf2 = (each) => each.covered_days ?? each.logged_days;
  const isWhole = (each) => daysOf2(each) >= countDays(each.query.start, each.query.end);
  const isTooEarly = covered !== void 0 && answer.logged_days - 1 < FEWEST_DAYS;
  const isPartial = !isWhole(answer) || !isWhole(previous);
  const divisors = isPartial ? [daysOf2(answer) || 1, daysOf2(previous) || 1] : [1, 1];
  const fewest = Math.min(...divisors);
  const compare = (now, before2) => [now * fewest / divisors[0], before2 * fewest / divisors[1]];
  return { isPartial, isTooEarly, compare };
}
var ofPages = ({ page, prefix, filters }) => ({ page, prefix, filter: filters });
var intervalOfSeries = ({ interval }) => interval === "hour" ? "day" : interval;
function reachOf({ complete_until: complete }, { zone }, fallback) {
  return complete ? localTime(new Date(complete), zone) : fallback;
}

// src/footfall/dashboard/assets/panel.js
var MORE = 50;
var PAUSE = 300;
var WIDTH = 96;
var HEIGHT = 22;
function makePanel(id, panel, on2) {
  const about = make("p", { class: "about" });
  const body = make("div", { class: "body" });
  const foot = make("div", { class: "more" });
  const search = panel.hasSearch ? searchField(on2) : null;
  const keep = files(id, panel.title, () => [panel.path, question(panel, shown)]);
  const section = make(
    "div",
    { class: `tabpanel ${panel.isOfLogs ? "requests" : "views"}`, id: `panel-${id}`, hidden: true },
    search,
    about,
    body,
    make("div", { class: "below" }, foot, keep)
  );
  let shown = null;
  function wait() {
    section.setAttribute("aria-busy", "true");
    const ghosts = Array.from({ length: Math.min(panel.rows, 6) }, () => make("div", { class: "ghost" }));
    if (!body.firstChild) body.replaceChildren(...ghosts);
  }
  function show3(answer, view2) {
    section.removeAttribute("aria-busy");
    shown = view2;
    if (search) showSearched(search, view2);
    about.textContent = [panel.about?.(answer, panel), aboutFiltered(answer)].filter(Boolean).join("; ");
    foot.replaceChildren();
    if (!answer.rows.length) {
      body.replaceChildren(make("p", { class: "empty" }, panel.empty ?? "Nothing in this period."));
      return;
    }
    const isCompared = panel.isCompared !== false && view2.isCompared;
    const comparison = isCompared ? comparisonOf(answer) : null;
    const showsSeries = panel.hasSeries && answer.rows[0].series.length > 1;
    const rows = make("tbody");
    const { total } = answer;
    body.replaceChildren(make("table", { "aria-label": panel.title }, headOf(panel, showsSeries, isCompared), rows));
    add(answer);
    function add(part) {
      rows.append(...trimmed(part, view2).rows.map((row2) => makeRow(panel, row2, total, { view: view2, showsSeries, comparison }, on2)));
      foot.replaceChildren(...part.next ? [moreButton(part.next)] : []);
    }
    function moreButton(cursor) {
      const button = make("button", { type: "button", class: "plain", click: () => more(button, cursor) }, "More");
      return button;
    }
    async function more(button, cursor) {
      button.disabled = true;
      const count = rows.children.length;
      try {
        const part = await get(panel.path, { ...question(panel, view2), limit: MORE, cursor });
        if (!rows.isConnected) return;
        add(part);
        rows.children[count]?.querySelector("a")?.focus();
      } catch (error) {
        foot.replaceChildren(...tryAgain(error, () => more(button, cursor)));
      }
    }
  }
  function fail(error, retry) {
    section.removeAttribute("aria-busy");
    about.textContent = "";
    foot.replaceChildren();
    body.replaceChildren(
      error.isQuiet ? make("p", { class: "empty" }, "This is not public: it is for people with a token.") : make("p", { class: "failed" }, ...tryAgain(error, retry))
    );
  }
  function close() {
    section.removeAttribute("aria-busy");
    about.textContent = "";
    body.replaceChildren();
    foot.replaceChildren();
  }
  const ask = (view2, signal) => get(panel.path, { ...question(panel, view2), limit: panel.rows }, signal, panel.isPrivate);
  return { section, ask, wait, show: show3, fail, close };
}
function aboutFiltered({ filtered }) {
  if (!filtered || filtered.kept >= filtered.counted) return "";
  return `among ${number(filtered.kept)} of ${number(filtered.counted)} views, whose records are kept`;
}
function question(panel, view2) {
  const series = panel.hasSeries ? intervalOfSeries(view2) : null;
  return { ...common(view2), ...panel.asked?.(view2), ...panel.isCompared === false ? {} : compared(view2), series };
}
function trimmed(answer, view2) {
  if (!answer.rows[0]?.series) return answer;
  const ends = loggedPart(answer, view2);
  return { ...answer, rows: answer.rows.map((row2) => ({ ...row2, series: row2.series.slice(...ends) })) };
}
function loggedPart(answer, view2) {
  const interval = intervalOfSeries(view2);
  const first = countOver(view2.start, view2.end, interval, answer.first_day ?? view2.start);
  const begun = countBegun(view2.start, view2.end, interval, reachOf(answer, view2, "9999"));
  return [first, Math.max(begun, first + 1)];
}
function tryAgain(error, retry) {
  const press = () => {
    if (button.disabled || !button.isConnected) return;
    button.disabled = true;
    retry();
  };
  const button = make("button", { type: "button", class: "plain", click: press }, "Try again");
  if (error.isTemporary) askAgain(press, error);
  const said = `Not read: ${error.message}. ${error.isTemporary ? "Retrying automatically. " : ""}`;
  return [make("span", { class: "failed" }, said), button];
}
function headOf(panel, showsSeries, isCompared) {
  const column = (name, text) => make("th", { scope: "col", class: name }, text);
  const views = panel.noun(2);
  return make(
    "thead",
    {},
    make(
      "tr",
      {},
      column("value", panel.value),
      showsSeries && column("series", "Trend"),
      column("views", views[0].toUpperCase() + views.slice(1)),
      column("share", "Share"),
      isCompared && column("change", "Change")
    )
  );
}
function makeRow(panel, row2, total, { view: view2, showsSeries, comparison }, on2) {
  const name = panel.name(row2.name ?? row2.value, panel);
  const change2 = panel.link?.(row2.value, view2);
  if (change2 && panel.detail) change2.tabs = on2.opened(panel.detail);
  const bar = make(
    "div",
    { class: "bar" },
    change2 ? link(change2, name.filter(Boolean), printable(row2.name ?? row2.value), on2) : make("span", { class: "label" }, ...name),
    linkOut(panel.out?.(row2.value, view2), row2.value)
  );
  bar.style.setProperty("--share", `${100 * row2.views / Math.max(1, total)}%`);
  return make(
    "tr",
    {},
    make("th", { scope: "row", class: "value" }, bar),
    showsSeries && make("td", { class: "series" }, sparkline(row2.series)),
    make("td", { class: "views" }, number(row2.views)),
    make("td", { class: "share" }, roughShare(row2.views, total)),
    comparison ? changeCell(row2.views, row2.previous, panel.noun, comparison) : null
  );
}
function link(change2, [first, ...more], name, on2) {
  const said = { class: "label", href: on2.href(change2), "data-go": true, "aria-label": more.length ? null : name };
  return make("a", said, first, ...more.flatMap((each) => [" ", each]));
}
function changeCell(now, before2, noun, { isPartial, isTooEarly, compare }) {
  const said = `${number(before2)} ${noun(before2)} before`;
  if (isTooEarly) return make("td", { class: "change same", title: `${said}; too early to compare` }, "–");
  const pair = compare(now, before2);
  const title = `${said}${isPartial ? "; compared by the day with logs" : ""}`;
  return make("td", { class: `change ${direction(...pair)}`, title }, change(...pair));
}
function searchField(on2) {
  let timer2 = 0;
  const field = make("input", {
    type: "search",
    id: "search",
    placeholder: "Begins with, e.g. blog/",
    "aria-label": "Show pages that begin with",
    spellcheck: "false",
    autocomplete: "off",
    input: () => {
      clearTimeout(timer2);
      timer2 = setTimeout(search, PAUSE);
    }
  });
  let isSearching = false;
  function search() {
    const prefix = field.value.replace(/^\/+(?=.)/, "");
    on2.go({ prefix, page: null, filters: [] }, { replaces: isSearching });
    isSearching = prefix !== "";
  }
  return make("div", { class: "search" }, field);
}
function showSearched(search, { prefix }) {
  const field = search.querySelector("input");
  if (document.activeElement !== field) field.value = prefix;
}
function sparkline(series) {
  const most2 = Math.max(1, ...series);
  const step = series.length > 1 ? WIDTH / (series.length - 1) : 0;
  const height = (views) => (HEIGHT - 1.5 - views / most2 * (HEIGHT - 3)).toFixed(1);
  const points = series.map((views, index) => `${(index * step).toFixed(1)},${height(views)}`);
  if (points.length === 1) points.push(`${WIDTH},${height(series[0])}`);
  return draw(
    "svg",
    {
      class: "sparkline",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
      focusable: "false"
    },
    draw("polygon", { points: `0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}` }),
    draw("polyline", { points: points.join(" ") })
  );
}

// src/footfall/dashboard/assets/cards.js
var REQUESTS2 = "requests";
var CARDS = {
  visitors: {
    title: "Visitors",
    of: (found) => found.visitors,
    isWhole: (found) => !found.unknown_visitor_days,
    about: "An address and browser, once a day: who comes on two days is counted on both.",
    facts: (found, view2) => [view2.days > 1 && found.visitors ? "sum of the days" : "", suspectsOf(found)]
  },
  views: {
    title: "Views",
    of: (found, counted) => counted === REQUESTS2 ? void 0 : found.total,
    facts: (found, view2) => [pagesOf(found, view2), aDay(found, view2)]
  },
  requests: { title: "Requests", of: (found, counted) => counted === REQUESTS2 ? found.total : void 0, facts: (found, view2) => [aDay(found, view2)] },
  arrivals: {
    title: "Arrivals",
    of: (found, counted) => counted === REQUESTS2 ? void 0 : found.arrivals,
    about: "Views that came from elsewhere than the site itself.",
    facts: ({ arrivals, total }) => [arrivals && total ? `${roughShare(arrivals, total)} of views` : ""]
  },
  bots: {
    title: "Bots",
    of: (found) => found.bots,
    about: "Pages that search engines, AI crawlers and other programs read. They are not among the views.",
    isNeutral: true,
    // more is not better
    facts: (found) => [partOfBots(found)]
  }
};
function makeCards(place, on2) {
  return {
    ask: (view2, signal) => get("stats/total", { ...common(view2), ...ofPages(view2), ...compared(view2) }, signal),
    wait() {
      place.setAttribute("aria-busy", "true");
      if (!place.firstChild)
        place.replaceChildren(...Array.from({ length: 4 }, () => card(" ", make("span", { class: "ghost" }))));
    },
    show(found, view2) {
      place.removeAttribute("aria-busy");
      place.replaceChildren(...Object.keys(CARDS).flatMap((measure) => cardOf(measure, found, view2, on2)));
    },
    fail(error, retry) {
      place.removeAttribute("aria-busy");
      const [said, button] = tryAgain(error, retry);
      place.replaceChildren(
        card("Views", "–"),
        make("div", { class: "failed" }, make("dt", {}, said), make("dd", {}, button))
      );
    }
  };
}
function cardOf(measure, found, view2, on2) {
  const { title, of, isWhole = () => true, about = null, isNeutral = false, facts } = CARDS[measure];
  const counted = found.query.measure;
  const value = of(found, counted);
  if (value === void 0) return [];
  const before2 = found.previous && { ...found.previous, value: of(found.previous, counted) };
  const isKnown = value !== null && isWhole(found) && (!before2 || isWhole(before2));
  const isDrawn = measure === view2.measure;
  const href = canDraw(view2, measure) && value !== null && on2.href({ measure });
  const name = href ? make("a", { href, "data-go": true, "aria-current": isDrawn ? "true" : null }, title) : title;
  const below = facts(found, view2).filter(Boolean);
  return [
    card(name, numberOf(value), {
      about,
      isDrawn,
      was: before2 ? changeOf(found, { value, isKnown, isNeutral }, before2, view2) : whyNotCompared(view2),
      below: below.flatMap((fact, index) => index ? [", ", fact] : [fact])
    })
  ];
}
function changeOf(found, { value, isKnown, isNeutral }, before2, view2) {
  const { isPartial, isTooEarly, compare } = comparisonOf(found);
  const pair = compare(value, before2.value ?? 0);
  const said = [];
  if (isTooEarly) {
    said.push("so far, ");
  } else if (isKnown && before2.value) {
    said.push(make("span", { class: isNeutral ? "same" : direction(...pair) }, change(...pair)), isPartial ? " a day, " : ", ");
  }
  said.push(`before: ${numberOf(before2.value)}`);
  if (view2.before[0] < view2.firstDay) said.push(`, ${noLogs(view2)}`);
  return said;
}
function whyNotCompared(view2) {
  return view2.compare && !view2.isAll && !view2.isEmpty ? [noLogs(view2)] : [];
}
var noLogs = ({ firstDay, today }) => `no logs before ${dayIn(firstDay, today)}`;
function pagesOf({ pages }, { page }) {
  if (page !== null || !pages) return "";
  return `${number(pages)} ${pages === 1 ? "page" : "pages"}`;
}
function aDay({ total, logged_days: logged }, { days: days2 }) {
  if (!logged || days2 === 1) return "";
  const over = `Over ${number(logged)} ${logged === 1 ? "day" : "days"} of which there are logs`;
  return make("span", { title: over }, `${decimal(total / logged)} a day`);
}
function suspectsOf({ visitors, suspected_bots: suspects }) {
  if (!visitors || !suspects || suspects.visitors === null && !suspects.why_unknown) return "";
  if (suspects.visitors === null)
    return make("span", { class: "suspects", title: `As ${suspects.why_unknown}` }, "suspected bots: not known");
  const loaded = `${number(suspects.loaded_files)} loaded the pages' pictures, styles or scripts; the others did not`;
  return make("span", { class: "suspects", title: loaded }, `suspected bots: ${number(suspects.visitors)}`);
}
function partOfBots({ bots, total }) {
  const all = bots + total;
  if (!bots) return "";
  if (all < 3 * bots) return `${roughShare(bots, all)} of page requests`;
  return `1 in ${number(Math.round(all / bots))} page requests`;
}
var numberOf = (value) => value === null ? "–" : number(value);
function card(name, value, { about = null, isDrawn = false, was = [], below = [] } = {}) {
  return make(
    "div",
    { class: isDrawn ? "card drawn" : "card", title: about },
    make("dt", {}, name),
    make("dd", {}, value),
    was.length ? make("dd", { class: "was" }, ...was) : null,
    below.length ? make("dd", { class: "fact" }, ...below) : null
  );
}

// src/footfall/dashboard/assets/lines.js
var EXPLAIN = "footfall explain --only unreadable FILE";
function makeLines(foot) {
  const title = make("h2", { id: "lines-title" }, "What happened to the lines");
  const rows = make("dl", { class: "lines" });
  const more = make("div", { class: "note" });
  const close = make("div", { class: "buttons" }, make("button", { class: "plain strong" }, "Close"));
  const dialog = make("dialog", { "aria-labelledby": "lines-title" }, make("form", { method: "dialog" }, title, rows, more, close));
  document.body.append(dialog);
  function open(found) {
    rows.replaceChildren(...outcomesOf(found).map(([name, count]) => row(name, count)), row("lines in all", found.lines));
    more.replaceChildren(...notesOf(found).map((note) => make("p", {}, ...note)));
    dialog.showModal();
  }
  return function show3(found) {
    if (!found) return foot.replaceChildren();
    const unreadable = `${number(found.unreadable)} of ${number(found.lines)} lines unreadable`;
    const newest = found.newest_file_ingested_at;
    const title2 = `${found.newest_file}, of ${number(found.files)}`;
    const button = make("button", { type: "button", class: "plain", click: () => open(found) }, "What happened to the lines");
    foot.replaceChildren(
      make("span", { class: found.unreadable ? "warning" : null }, unreadable),
      ...newest ? [make("span", { title: title2 }, `last file read ${ago(newest)}`)] : [],
      ...found.lines ? [button] : []
    );
  };
}
function outcomesOf({ views, dropped, unreadable }) {
  const reasons = Object.entries(dropped).filter(([, count]) => count);
  return [["views", views], ...reasons.sort((one, other) => other[1] - one[1]), ["unreadable", unreadable]];
}
function notesOf({ files_under_other_rules: others }) {
  const explain = [make("code", {}, EXPLAIN), " shows which lines of a log file these are, and why. Any other reason works in place of unreadable."];
  if (!others) return [explain];
  const files2 = `${number(others)} ${others === 1 ? "file was" : "files were"} counted under other rules; `;
  return [explain, [files2, make("code", {}, "footfall recount"), " counts them by today's."]];
}
var row = (name, count) => make("div", {}, make("dt", {}, name), make("dd", {}, number(count)));

// src/footfall/dashboard/assets/head.js
function makeHead(on2) {
  let today = null;
  byId("compare").addEventListener("change", (event) => on2.go({ compare: event.target.checked }));
  byId("site").addEventListener("change", (event) => on2.go({ site: event.target.value, page: null, prefix: "", filters: [] }));
  byId("custom").addEventListener("submit", (event) => {
    event.preventDefault();
    on2.go(choiceOf(...[byId("from").value, byId("to").value].sort(), today));
  });
  return function show3(view2, sites) {
    today = view2.today;
    document.title = `${view2.page ?? view2.site} – footfall`;
    showSites(view2, sites);
    showPeriod(view2, on2);
    showFilter(view2, on2);
  };
}
function showSites({ site }, sites) {
  const isOne = sites.length === 1;
  byId("title").textContent = site;
  byId("title").classList.toggle("unseen", !isOne);
  byId("site").hidden = isOne;
  byId("site").replaceChildren(...sites.map(({ site: name }) => make("option", { selected: name === site }, name)));
}
function showPeriod(view2, on2) {
  const current = view2.period === "all" ? "all" : nameOf(view2.start, view2.end, view2.today);
  const choices = Object.entries(CHOICES).map(
    ([period, [name]]) => choice(name, on2.href({ period }), period === current)
  );
  const list = byId("choices");
  list.replaceChildren(...choices, make("li", {}, customButton(!current)));
  const shown = list.querySelector("[aria-current], .current");
  list.scrollLeft = shown.offsetLeft - list.offsetLeft - (list.clientWidth - shown.offsetWidth) / 2;
  byId("from").value = view2.start;
  byId("to").value = view2.end;
  byId("days").textContent = days(view2.start, view2.end);
  showStep(byId("earlier"), shifted(view2, -1, view2.today), on2);
  showStep(byId("later"), shifted(view2, 1, view2.today), on2);
  byId("compare").checked = view2.compare;
  byId("compare").disabled = view2.isAll;
  byId("against").textContent = againstOf(view2);
}
function againstOf({ isAll, isEmpty, before: before2, firstDay, today }) {
  if (isAll || isEmpty) return "with the period before";
  if (before2[1] < firstDay) return `(no logs before ${dayIn(firstDay, today)})`;
  return `with ${shortDays(...before2, today)}`;
}
function choice(name, href, isCurrent) {
  return make("li", {}, make("a", { href, "data-go": true, "aria-current": isCurrent ? "true" : null }, name));
}
function customButton(isCurrent) {
  const form = byId("custom");
  const open = (event) => {
    form.hidden = !form.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) byId("from").focus();
  };
  const told2 = { "aria-expanded": String(!form.hidden), "aria-controls": "custom", class: isCurrent ? "current" : null };
  return make("button", { type: "button", ...told2, click: open }, "Custom");
}
function showStep(link2, choice2, on2) {
  if (choice2) link2.setAttribute("href", on2.href(choice2));
  else link2.removeAttribute("href");
  link2.setAttribute("aria-disabled", String(!choice2));
}
function showFilter(view2, on2) {
  const { page, prefix, filters } = view2;
  const chips = byId("chips");
  chips.replaceChildren(...chipsOf(view2, on2));
  chips.hidden = !filters.length;
  const filter = byId("filter");
  const isAll = page === null && prefix === "";
  const title = page !== null ? ["Page ", named(page)] : ["Pages that begin with ", named(prefix)];
  const folder = page?.slice(0, page.lastIndexOf("/") + 1);
  const way = (changes2, ...name) => make("a", { href: on2.href(changes2), "data-go": true, class: "plain" }, ...name);
  const ways = make(
    "div",
    {},
    folder && folder !== "/" ? way({ page: null, prefix: folder }, "All below ", named(folder)) : null,
    way({ page: null, prefix: "" }, "Show all pages")
  );
  filter.hidden = isAll;
  filter.replaceChildren(...isAll ? [] : [make("h2", { tabindex: "-1" }, ...title), ways]);
}
function makeFreshness(place, foot, onKnown) {
  const showLines = makeLines(foot);
  return {
    ask: (view2, signal) => get("status", {}, signal),
    wait() {
    },
    show(found, { zone, today }) {
      onKnown(found.complete_until);
      const title = "The latest request of any log file; S3 may still deliver earlier ones.";
      const reach2 = found.complete_until && `Logs up to ${reach(found.complete_until, zone, today)}`;
      place.replaceChildren(reach2 ? make("span", { title }, reach2) : "No logs yet");
      showLines(found);
    },
    fail(error, retry) {
      if (error.isTemporary) askAgain(retry, error);
      showLines(null);
      if (error.status === 403) return place.replaceChildren();
      place.replaceChildren(make("span", { class: "warning" }, "It is not known how far the counts reach"));
    }
  };
}

// src/footfall/dashboard/assets/annotations.js
var CLOSEST = 26;
async function askForAnnotations({ site, start, end }, signal) {
  try {
    return (await get("annotations", { site, start, end }, signal, true)).annotations;
  } catch (error) {
    signal?.throwIfAborted();
    if (error.isTemporary) throw error;
    return [];
  }
}
function annotationsOf(annotations, labels2) {
  const found = labels2.map(() => []);
  for (const each of annotations) {
    const number2 = labels2.findLastIndex((label2) => label2 <= `${each.day}T00:00`);
    found[Math.max(0, number2)]?.push(each);
  }
  return found;
}
var told = ({ day, text }) => `${label(day, "day")}: ${printable(text)}`;
function makeMarks(place) {
  const list = make("ul", { class: "annotations", "aria-label": "What happened", hidden: true });
  const tip = make("div", { class: "tip marked", "aria-hidden": "true", hidden: true });
  place.prepend(list, tip);
  place.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  function show3(found, where) {
    hide();
    const marks = gather(found, where);
    list.hidden = !marks.length;
    list.replaceChildren(...marks.map(markOf));
  }
  function markOf({ at, annotations }) {
    const text = annotations.map(told).join("\n");
    const open = () => openTip(at, annotations);
    const named2 = { type: "button", "aria-label": text, title: text };
    const mark = make("button", { ...named2, mouseenter: open, focus: open, click: open, mouseleave: hide, blur: hide });
    const item = make("li", {}, mark);
    item.style.left = `${at}px`;
    return item;
  }
  function openTip(at, annotations) {
    const line = (each) => make("p", {}, make("b", {}, printable(each.text)), make("span", {}, label(each.day, "day")));
    tip.replaceChildren(...annotations.map(line));
    tip.hidden = false;
    const room = Math.max(0, place.clientWidth - tip.offsetWidth);
    tip.style.left = `${Math.min(room, Math.max(0, at - tip.offsetWidth / 2))}px`;
  }
  function hide() {
    tip.hidden = true;
  }
  return { show: show3 };
}
function gather(found, where) {
  const marks = [];
  found.forEach((annotations, number2) => {
    if (!annotations.length) return;
    const at = where(number2);
    const before2 = marks.at(-1);
    if (before2 && at - before2.at < CLOSEST) before2.annotations.push(...annotations);
    else marks.push({ at, annotations: [...annotations] });
  });
  return marks;
}

// src/footfall/dashboard/assets/points.js
var WEEK = 7;
function linesOf(model, number2) {
  const { labels: labels2, interval, values, previous, unfinished } = model;
  const now = values[number2];
  const lines = [{ ...lineOf(model, labels2[number2], now), changed: null }];
  if (number2 === unfinished) lines[0].said += ", not complete yet";
  const isOver = number2 !== unfinished && now !== null;
  const add = ([at, value]) => lines.push({ ...lineOf(model, at, value), changed: isOver ? changeOf2(now, value) : null });
  const before2 = previous?.[number2];
  if (before2) add(before2);
  const hasWeekdays = interval === "day" || interval === "hour";
  if (hasWeekdays && !(before2 && weekday(before2[0]) === weekday(labels2[number2]))) weekBefore(model, number2, add);
  return lines;
}
function lineOf({ interval, whyNone, noun }, at, value) {
  const said = value === null ? whyNone(at) : `${number(value)} ${noun(value)}`;
  return { name: label(at, interval), said };
}
function weekBefore({ labels: labels2, values, previous }, number2, add) {
  const [day, ...hour] = labels2[number2].split("T");
  const wanted = [addDays(day, -WEEK), ...hour].join("T");
  const here = labels2.indexOf(wanted);
  if (here >= 0 && values[here] !== null) return add([wanted, values[here]]);
  const there = previous?.find(([at, value]) => at === wanted && value !== null);
  if (there) add(there);
}
function changeOf2(now, before2) {
  return before2 ? { text: change(now, before2), direction: direction(now, before2) } : null;
}
var weekday = (label2) => new Date(timeOf(label2)).getUTCDay();

// src/footfall/dashboard/assets/graph.js
var LABEL_ROOM = 76;
var HEIGHT2 = { least: 180, most: 220, part: 0.24 };
var CLICK = 4;
function makeGraph(place, onPick) {
  const canvas = make("div", { class: "canvas" });
  const tip = make("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const frame = make(
    "div",
    {
      class: "frame",
      role: "slider",
      tabindex: "0",
      "aria-label": "Views over time",
      "aria-orientation": "horizontal",
      "aria-valuemin": "0",
      "aria-valuemax": "0",
      "aria-valuenow": "0",
      "aria-describedby": "graph-keys",
      keydown: onKey,
      focus: () => point(at ?? lastKnown()),
      blur: hideTip,
      mouseleave: hideTip
    },
    canvas,
    tip
  );
  place.replaceChildren(frame);
  const above = makeMarks(place);
  let plot = null;
  let model = null;
  let at = null;
  let dragged = false;
  new ResizeObserver(() => plot && plot.width !== canvas.clientWidth && redraw()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  function show3(shown) {
    model = shown;
    at = null;
    frame.setAttribute("aria-label", model.title);
    frame.setAttribute("aria-valuemax", Math.max(0, model.labels.length - 1));
    redraw();
    tell2(lastKnown());
  }
  function redraw() {
    if (!model) return;
    plot?.destroy();
    hideTip();
    const width = Math.max(canvas.clientWidth, 200);
    const height = Math.round(Math.min(HEIGHT2.most, Math.max(HEIGHT2.least, width * HEIGHT2.part)));
    plot = new uPlot(options(width, height), columns(), canvas);
    plot.over.addEventListener("click", onClick);
  }
  function columns() {
    const { labels: labels2, values, previous, unfinished } = model;
    const isKnown = (number2) => unfinished < 0 || number2 < unfinished;
    const solid = values.map((count, number2) => isKnown(number2) ? count : null);
    const dashed = values.map((count, number2) => unfinished >= 0 && number2 >= unfinished - 1 ? count : null);
    return [labels2.map((_, number2) => number2), labels2.map((_, number2) => previous?.[number2]?.[1] ?? null), solid, dashed];
  }
  function options(width, height) {
    const style = getComputedStyle(place);
    const colour = (name) => style.getPropertyValue(name).trim();
    const font = `${parseFloat(style.fontSize) * 0.8}px ${style.fontFamily}`;
    const isLonely = model.values.filter((count) => count !== null).length < 2;
    const points = { show: isLonely, size: 8, fill: colour("--accent") };
    const line = (more) => ({ width: 2, points, ...more });
    return {
      width,
      height,
      padding: [12, endsInMark() ? LABEL_ROOM / 3 : 4, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: (_, least, most2) => most2 > least ? [least, most2] : [least - 1, most2 + 1] },
        y: { range: (_, __, most2) => [0, Math.max(4, most2 * 1.05)] }
      },
      axes: [
        {
          font,
          stroke: colour("--muted"),
          size: 30,
          gap: 8,
          grid: { show: false },
          ticks: { stroke: colour("--rule"), size: 5 },
          splits: () => marks().map(([number2]) => number2),
          values: () => marks().map(([, text]) => text)
        },
        {
          font,
          stroke: colour("--muted"),
          gap: 8,
          size: (self, values) => axisWidth(self, values, font),
          grid: { stroke: colour("--rule"), width: 1 },
          ticks: { show: false },
          incrs: [1, 2, 5].flatMap((first) => [...Array(13).keys()].map((zeros) => first * 10 ** zeros)).sort((a, b) => a - b),
          space: 48,
          values: (_, values) => values.map(compact)
        }
      ],
      series: [
        {},
        line({ stroke: colour("--before"), width: 1.5 }),
        line({ stroke: colour("--accent"), fill: colour("--accent-faint") }),
        line({ stroke: colour("--accent"), dash: [5, 5], fill: colour("--accent-faint") })
      ],
      cursor: { y: false, points: { size: 9 }, drag: { x: true, y: false, setScale: false, dist: CLICK } },
      hooks: { ready: [mark], setCursor: [onCursor], setSelect: [onSelect] }
    };
  }
  function mark(self) {
    above.show(model.annotations, (number2) => self.valToPos(number2, "x") + self.over.offsetLeft);
  }
  function marks() {
    const room = Math.max(2, Math.floor((plot?.width ?? canvas.clientWidth) / LABEL_ROOM));
    return marksOf(model.labels, model.interval, room);
  }
  function endsInMark() {
    const last = marks().at(-1)?.[0] ?? 0;
    return last > (1 - LABEL_ROOM / 3 / Math.max(1, canvas.clientWidth)) * (model.labels.length - 1);
  }
  function onCursor(self) {
    if (self.cursor.left < 0 || self.cursor.idx === null || self.cursor.idx === void 0) return hideTip();
    tell2(self.cursor.idx);
    showTip();
  }
  function onSelect(self) {
    if (self.select.width < CLICK) return;
    const [first, last] = [self.select.left, self.select.left + self.select.width].map((left) => self.posToIdx(left));
    self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    dragged = true;
    setTimeout(() => dragged = false);
    if (last > first) onPick(first, last);
  }
  function onClick(event) {
    if (!dragged && event.pointerType !== "touch" && at !== null) onPick(at, at);
  }
  function onKey(event) {
    const last = model ? model.labels.length - 1 : -1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = at ?? lastKnown();
    const page = Math.max(1, Math.round(last / 10));
    const moves = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      Home: 0,
      End: last,
      PageDown: here - page,
      PageUp: here + page
    };
    if (event.key in moves) point(Math.min(last, Math.max(0, moves[event.key])));
    else if (event.key === "Enter") onPick(here, here);
    else if (event.key === "Escape") hideTip();
    else return;
    event.preventDefault();
  }
  function point(number2) {
    if (!plot || !model?.labels.length) return;
    plot.setCursor({ left: plot.valToPos(number2, "x"), top: plot.valToPos(model.values[number2] ?? 0, "y") });
    tell2(number2);
    showTip();
  }
  function lastKnown() {
    const known = model ? model.values.findLastIndex((count) => count !== null) : -1;
    return Math.max(0, known);
  }
  function tell2(number2) {
    if (!model.labels.length) return frame.setAttribute("aria-valuetext", "nothing");
    at = number2;
    frame.setAttribute("aria-valuenow", number2);
    const text = linesOf(model, number2).map(({ name, said, changed: changed2 }) => `${name}: ${said}${changed2 ? `, ${changed2.text}` : ""}`);
    frame.setAttribute("aria-valuetext", [...text, ...model.annotations[number2].map(told)].join("; "));
  }
  function showTip() {
    tip.replaceChildren(...linesOf(model, at).map(tipLine));
    tip.hidden = false;
    const left = plot.valToPos(at, "x") + plot.over.offsetLeft;
    const isRight = left > plot.width / 2;
    tip.style.left = isRight ? "auto" : `${left + 14}px`;
    tip.style.right = isRight ? `${plot.width - left + 14}px` : "auto";
    const top = plot.valToPos(model.values[at] ?? 0, "y") + plot.over.offsetTop - tip.offsetHeight / 2;
    const lowest = plot.over.offsetTop + plot.over.offsetHeight - tip.offsetHeight;
    tip.style.top = `${Math.max(0, Math.min(top, lowest))}px`;
  }
  function hideTip() {
    tip.hidden = true;
  }
  return { show: show3, frame };
}
function tipLine({ name, said, changed: changed2 }, number2) {
  const change2 = changed2 && make("em", { class: changed2.direction }, changed2.text);
  return make("p", { class: number2 ? "before" : "now" }, make("b", {}, said), change2, make("span", {}, name));
}
function axisWidth(self, values, font) {
  if (!values) return 30;
  self.ctx.save();
  self.ctx.font = font;
  const widest = Math.max(...values.map((text) => self.ctx.measureText(text).width));
  self.ctx.restore();
  return Math.ceil(widest) + 12;
}
var onMonth = (months) => (label2) => label2.endsWith("-01") && (Number(label2.slice(5, 7)) - 1) % months === 0;
var onHour = (hours) => (label2) => Number(label2.slice(11, 13)) % hours === 0;
var everyDays = (days2) => (label2, number2) => number2 % days2 === 0;
var LEVELS = {
  hour: [
    ...[1, 2, 3, 6, 12].map((hours) => [
      onHour(hours),
      (label2) => tick(label2, Number(label2.slice(11, 13)) ? "hour" : "day")
    ]),
    ...[1, 2, 7, 14].map((days2) => [
      (label2, number2) => label2.endsWith("T00:00") && Math.floor(number2 / 24) % days2 === 0,
      (label2) => tick(label2, "day")
    ])
  ],
  day: [
    ...[1, 2, 7, 14].map((days2) => [everyDays(days2), (label2) => tick(label2, "day")]),
    ...[1, 3, 6, 12].map((months) => [onMonth(months), monthOrYear])
  ],
  week: [
    ...[1, 2, 4].map((weeks) => [everyDays(weeks), (label2) => tick(label2, "day")]),
    ...[1, 3, 6, 12].map((months) => [
      (label2) => Number(label2.slice(8)) <= 7 && (Number(label2.slice(5, 7)) - 1) % months === 0,
      monthOrYear
    ])
  ],
  month: [1, 3, 6, 12, 24, 60].map((months) => [
    (label2) => (Number(label2.slice(0, 4)) * 12 + Number(label2.slice(5, 7)) - 1) % months === 0,
    monthOrYear
  ])
};
function monthOrYear(label2) {
  return tick(label2, label2.slice(5, 7) === "01" ? "year" : "month");
}
function marksOf(labels2, interval, room) {
  let found = [];
  for (const [isMark, text] of LEVELS[interval]) {
    found = labels2.flatMap((label2, number2) => isMark(label2, number2) ? [[number2, text(label2)]] : []);
    if (found.length <= room) break;
  }
  const step = Math.ceil(found.length / room);
  return found.filter((_, number2) => number2 % step === 0);
}

// src/footfall/dashboard/assets/history.js
var PATH = "stats/history";
var SOON = 30;
function makeHistory(on2) {
  const intervals = make("ul", { class: "choices" });
  const place = make("div", { class: "graph" });
  const legend = make("ul", { class: "legend" });
  const empty = make("p", { class: "empty", role: "note", hidden: true });
  const table = make("div", { class: "body" });
  const details = make("details", { toggle: showTable }, make("summary", {}, "The same as a table"), table);
  const keys = make(
    "p",
    { id: "graph-keys", class: "hint" },
    "Arrow keys tell each point, Enter opens it; drag to choose several."
  );
  const heading = make("h2", { id: "title-history" }, "Views over time");
  const section = make(
    "section",
    { class: "panel full", id: "panel-history", "aria-labelledby": "title-history" },
    make(
      "header",
      {},
      heading,
      legend,
      make("nav", { "aria-label": "Interval" }, intervals)
    ),
    empty,
    place,
    make("div", { class: "under" }, keys, files("history", "Views over time", () => [PATH, question2(view2)])),
    details
  );
  const graph2 = makeGraph(place, open);
  let view2 = null;
  let model = null;
  async function ask(asked3, signal) {
    const [found, annotations] = await Promise.all([askForHistory(asked3, signal), askForAnnotations(asked3, signal)]);
    return { ...found, annotations };
  }
  async function askForHistory(asked3, signal) {
    try {
      return await get(PATH, question2(asked3), signal);
    } catch (error) {
      if (error.status !== 400 || asked3.page === null && !asked3.filters.length) throw error;
      if (asked3.interval !== "hour" && asked3.measure === USUAL2) throw error;
      const interval = asked3.interval === "hour" ? "day" : asked3.interval;
      return get(PATH, question2({ ...asked3, measure: USUAL2, interval }), signal);
    }
  }
  function wait() {
    section.setAttribute("aria-busy", "true");
  }
  function show3(found, asked3) {
    section.removeAttribute("aria-busy");
    const { interval } = found.query;
    view2 = { ...asked3, interval, measure: found.query.measure === asked3.measure ? asked3.measure : USUAL2 };
    model = modelOf(found, view2);
    heading.textContent = model.title;
    const choices = asked3.intervals.filter((name) => name !== "hour" || asked3.interval !== "hour" || interval === "hour");
    intervals.replaceChildren(...choices.length > 1 ? choices.map((name) => choice2(name, name === interval)) : []);
    graph2.show(model);
    place.hidden = false;
    legend.replaceChildren(
      make("li", { class: "now" }, "this period"),
      ...model.previous ? [make("li", { class: "before" }, shortDays(...view2.before, view2.today))] : [],
      ...model.unfinished >= 0 ? [make("li", { class: "unfinished" }, "not complete yet")] : []
    );
    const told2 = emptyText(found, view2, on2);
    empty.replaceChildren(...told2);
    empty.hidden = !told2.length;
    showTable();
  }
  function fail(error, retry) {
    section.removeAttribute("aria-busy");
    place.hidden = true;
    legend.replaceChildren();
    empty.hidden = false;
    empty.replaceChildren(...tryAgain(error, retry));
    model = null;
    showTable();
  }
  function choice2(name, isCurrent) {
    return make(
      "li",
      {},
      make("a", { href: on2.href({ by: name }), "data-go": true, "aria-current": isCurrent ? "true" : null }, name)
    );
  }
  function open(first, last) {
    const { labels: labels2, interval } = model;
    if (interval === "hour" && first === last) return;
    const start = labels2[first].slice(0, 10);
    const end = interval === "hour" ? labels2[last].slice(0, 10) : addDays(next(labels2[last], interval), -1);
    const days2 = [start < view2.start ? view2.start : start, end > view2.end ? view2.end : end];
    if (days2[0] !== view2.start || days2[1] !== view2.end) on2.go(choiceOf(...days2, view2.today));
  }
  function showTable() {
    details.hidden = !model;
    table.replaceChildren(...details.open && model ? [tableOf(model)] : []);
  }
  return { section, ask, wait, show: show3, fail };
}
var question2 = (view2) => ({
  ...common(view2),
  ...ofPages(view2),
  ...compared(view2),
  measure: asked2(view2),
  interval: view2.interval
});
function modelOf(found, view2) {
  const { interval, measure } = view2;
  const until = reachOf(found, view2, "9999");
  const labels2 = found.series.map(({ at }) => at);
  const first = beginOf(found.first_day ?? "0000-01-01");
  const isBefore = (at) => beginOf(next(at, interval)) <= first;
  const isLater = (at) => beginOf(at) > until;
  const numberOf2 = (row2) => row2[measure] === void 0 ? row2.views : row2[measure];
  const { title, noun } = drawn(view2);
  return {
    title,
    labels: labels2,
    interval,
    values: found.series.map((row2) => (isLater(row2.at) || isBefore(row2.at)) && !numberOf2(row2) ? null : numberOf2(row2)),
    whyNone: (at) => isBefore(at) ? "no logs" : isLater(at) ? "no logs yet" : "not known",
    previous: found.previous ? found.previous.series.map((row2) => [row2.at, isBefore(row2.at) ? null : numberOf2(row2)]) : null,
    unfinished: labels2.findIndex((at) => !isLater(at) && beginOf(next(at, interval)) > until),
    annotations: annotationsOf(found.annotations, labels2),
    noun: (count) => noun[count === 1 ? 0 : 1]
  };
}
function emptyText({ total }, { isEmpty, start, end, firstDay, lastDay, today }, on2) {
  if (!isEmpty) return total ? [] : ["No views in this period."];
  const way = (changes2, text) => make("a", { href: on2.href(changes2), "data-go": true }, text);
  if (end < firstDay) {
    const last = addDays(firstDay, 29);
    const first = { start: firstDay, end: last < lastDay ? last : lastDay };
    return [`There are no logs before ${dayIn(firstDay, today)}. `, way(first, "Show the first days"), "."];
  }
  const isOver = end < today || addDays(lastDay, SOON) < start;
  return [
    isOver ? "There are no logs of this period. " : "No logs of this period have come yet. S3 delivers most within hours. ",
    way({ period: DEFAULT }, `Show the newest, up to ${dayIn(lastDay, today)}`),
    "."
  ];
}
function tableOf({ title, labels: labels2, interval, values, previous, unfinished, whyNone, noun, annotations }) {
  const column = (name) => make("th", { scope: "col" }, name);
  const told2 = (number2) => values[number2] === null ? whyNone(labels2[number2]) : number(values[number2]);
  const toldBefore = ([at, count]) => count === null ? whyNone(at) : number(count);
  const rows = labels2.map(
    (at, number2) => make(
      "tr",
      {},
      make("th", { scope: "row" }, label(at, interval), ...annotations[number2].map(noteOf)),
      make("td", {}, told2(number2), number2 === unfinished ? " so far" : ""),
      previous && make("td", {}, previous[number2] ? toldBefore(previous[number2]) : "")
    )
  );
  const head = make(
    "tr",
    {},
    column(capital(interval)),
    column(capital(noun(2))),
    previous && column("Period before")
  );
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, as a table` },
    make("table", { "aria-labelledby": "title-history" }, make("thead", {}, head), make("tbody", {}, ...rows))
  );
}
var noteOf = ({ text }) => make("small", { class: "noted" }, printable(text));
var capital = (text) => text[0].toUpperCase() + text.slice(1);

// src/footfall/dashboard/assets/keys.js
var OFF = "footfall-no-keys";
var OWN_KEYS = "input, select, textarea, dialog, [role=slider], [role=tab], [role=listbox], .scroll";
function listenToKeys(on2) {
  const keys = {
    ...Object.fromEntries(Object.entries(CHOICES).map(([period, [name, , key]]) => [key, [name, () => on2.go({ period })]])),
    C: ["Days of your own", () => byId("choices").querySelector("button").click()],
    "←": ["The period before", () => byId("earlier").click()],
    "→": ["The period after", () => byId("later").click()],
    X: ["Compare, or no longer", () => byId("compare").click()],
    "/": ["Search for a page", () => byId("search")?.focus()],
    "?": ["Show these keys", open]
  };
  const dialog = helpOf(keys);
  document.body.append(dialog);
  byId("keys").addEventListener("click", open);
  function open() {
    dialog.querySelector("input").checked = !isOff();
    dialog.showModal();
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOff() || document.querySelector("dialog[open]") || event.target.closest(OWN_KEYS)) return;
    const name = { ArrowLeft: "←", ArrowRight: "→" }[event.key] ?? event.key.toUpperCase();
    if (!Object.hasOwn(keys, name)) return;
    event.preventDefault();
    keys[name][1]();
  });
}
function helpOf(keys) {
  const rows = Object.entries(keys).map(
    ([key, [what]]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, what))
  );
  const isOn = make("input", { type: "checkbox", change: (event) => switchTo(event.target.checked) });
  return make(
    "dialog",
    { id: "keys-dialog", "aria-labelledby": "keys-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "keys-title" }, "Keys"),
      make("dl", { class: "keys" }, ...rows),
      make("label", { class: "check" }, isOn, " Listen to these keys"),
      make("div", { class: "buttons" }, make("button", { class: "plain strong" }, "Close"))
    )
  );
}
var isOff = () => ofDevice.getItem(OFF) !== null;
function switchTo(isOn) {
  if (isOn) ofDevice.removeItem(OFF);
  else ofDevice.setItem(OFF, "yes");
}

// src/footfall/dashboard/assets/panels.js
var STATUSES = {
  200: "OK",
  206: "Partial content",
  301: "Moved permanently",
  302: "Found elsewhere",
  304: "Not modified",
  307: "Moved for now",
  308: "Moved for good",
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  412: "Precondition failed",
  416: "Range not satisfiable",
  500: "Server error",
  503: "Slow down"
};
var PAGE = { dimension: "page", isFilter: true };
var ENTRY = { dimension: "entry", isFilter: true };
var REFERRER = { dimension: "referrer", isFilter: true };
var BOT_PAGE = { dimension: "bot_page", isFilter: false };
var SOURCE = { dimension: "source", isFilter: true };
var AI_CHANNEL = "AI assistants";
var isOfAi = (kind) => kind.startsWith("AI");
var OF_AI = `channel=${AI_CHANNEL}`;
var SPECIAL = { bots: { title: "Crawlers", beside: { panel: "ai", title: "AI referrals" } } };
var PANELS = {
  page: {
    title: "Pages",
    tab: "All",
    hasSeries: true,
    hasSearch: true,
    asked: ({ prefix, filters }) => ({ prefix, filter: filters }),
    when: (view2) => view2.page === null && (view2.filters.length === 0 || canAnswer(PAGE, view2)),
    link: (value, { filters, combinesFilters }) => ({ page: value, prefix: "", filters: combinesFilters ? filters : [] }),
    out: (value, { site }) => addressOf2(site, value),
    name: pathName
  },
  entry: {
    title: "Entry pages",
    tab: "Entry",
    name: pathName,
    when: (view2) => view2.page === null && canAnswer(ENTRY, view2),
    out: (value, { site }) => addressOf2(site, value),
    empty: "No visits from other sites in this period, or the logs have no referrers."
  },
  broken_link: {
    title: "Broken links",
    value: "Missing page and link",
    name: linkName,
    empty: "No links to missing pages were followed in this period."
  },
  download: {
    title: "Downloads and feeds",
    tab: "Downloads",
    out: (value, { site }) => addressOf2(site, value),
    name: pathName,
    empty: "No downloads and no requests for feeds in this period."
  },
  page_referrer: {
    dimension: "referrer",
    panel: "sources",
    title: "Referrers of this page",
    tab: "Of this page",
    path: "views/referrers",
    rows: 20,
    when: ({ page, filters }) => page !== null && !filters.length,
    asked: ({ page }) => ({ page }),
    link: () => null,
    about: aboutKept,
    out: (value) => addressOf2(value),
    isCompared: false,
    isPrivate: true,
    empty: "No views of this page are kept for this period, so it is not known where its readers came from."
  },
  channel: { title: "Channels" },
  source: { title: "Sources" },
  referrer: {
    title: "Referrers",
    when: (view2) => !PANELS.page_referrer.when(view2) && canAnswer(REFERRER, view2),
    out: (value) => addressOf2(value)
  },
  campaign: { title: "Campaigns", empty: "No links with a campaign (utm_campaign) were followed in this period." },
  campaign_source: { title: "Campaign sources", tab: "Tagged", empty: "No tagged links (utm_source) were followed in this period." },
  country: {
    title: "Countries",
    about: aboutUnknown,
    empty: "No countries are known: the logs do not have them, and they were not looked up during the import."
  },
  device: { title: "Devices" },
  browser: { title: "Browsers" },
  system: { title: "Systems" },
  browser_version: { title: "Browser versions" },
  system_version: { title: "System versions" },
  bot: { title: "Bots", about: aboutAi, empty: "No requests from bots in this period." },
  bot_class: { title: "What bots come for", tab: "Purpose", value: "Class", empty: "No requests from bots in this period." },
  bot_page: {
    title: "Pages read by bots",
    tab: "Pages",
    value: "Bot and page",
    when: (view2) => botOf(view2) !== null || canAnswer(BOT_PAGE, view2),
    asked: (view2) => botOf(view2) === null ? { filter: chosen(view2) } : { prefix: `${botOf(view2)} ` },
    name: pathName,
    empty: "No pages were read by search engines or AI in this period."
  },
  ai_source: {
    dimension: "source",
    panel: "ai",
    title: "AI referrals",
    when: (view2) => view2.combinesFilters && combines(view2) && canAnswer(SOURCE, view2) && isCounted("channel", view2),
    asked: (view2) => ({ filter: [...chosen(view2), OF_AI] }),
    empty: "No visits from AI in this period."
  },
  status: { title: "Statuses", name: statusName },
  not_found: {
    title: "Missing pages",
    value: "Asked for",
    name: pathName,
    empty: "No requests for missing pages in this period."
  }
};
function groupsOf({ dimensions: dimensions2, panels }) {
  const every = panelsOf(dimensions2);
  const groups2 = panels.flatMap((each) => {
    const { beside, ...own } = SPECIAL[each.panel] ?? {};
    return [{ ...each, ...own }, ...beside ? [beside] : []];
  });
  return groups2.map((group) => ({ ...group, tabs: every.filter(([, { panel }]) => panel === group.panel) })).filter(({ tabs }) => tabs.length);
}
function panelsOf(dimensions2) {
  const known = Object.fromEntries(dimensions2.map((each) => [each.dimension, each]));
  const dimensionOf = (name) => known[PANELS[name]?.dimension ?? name];
  const names = Object.keys({ ...PANELS, ...known }).filter((name) => dimensionOf(name));
  const detailOf = (name) => dimensions2.find(({ detail_of: of }) => of === name)?.dimension;
  return names.map((name) => [name, panelOf(dimensionOf(name), PANELS[name], detailOf(name))]);
}
function panelOf({ dimension, title, noun, measures, classes, about_classes, is_filter: isFilter, panel = "more" }, row2, detail) {
  const self = { dimension, isFilter };
  return {
    ...self,
    panel,
    title,
    value: title,
    path: `stats/${dimension}`,
    noun: (count) => count === 1 ? noun.one : noun.many,
    isOfLogs: measures[0] === "requests",
    classes: new Map(Object.entries(classes)),
    // strangers choose the names of bots, including "constructor"
    aboutClasses: about_classes,
    // shown when pointing at a class
    rows: 10,
    detail,
    when: (view2) => canAnswer(self, view2),
    asked: (view2) => ({ filter: chosen(view2) }),
    link: (value, view2) => choose(self, value, view2),
    name: className,
    ...row2
  };
}
var isCounted = (name, { dimensions: dimensions2 }) => dimensions2.some(({ dimension }) => dimension === name);
function botOf({ page, filters }) {
  const [dimension, value] = halvesOf(filters[0] ?? "");
  return page === null && filters.length === 1 && dimension === "bot" ? value : null;
}
var classOf = (value, { classes }) => classes.get(value.toLowerCase());
function className(value, panel) {
  const found = classOf(value, panel);
  return [named(value), found ? make("span", { class: "tag", title: panel.aboutClasses[found] }, found) : null];
}
function pathName(value) {
  return [namedPath(value)];
}
function linkName(value) {
  return [namedPath(value, value.lastIndexOf(" from ") + 1)];
}
function statusName(value) {
  return [named(value), STATUSES[value] ? make("span", { class: "aside" }, STATUSES[value]) : null];
}
function aboutAi(answer, panel) {
  const ai = answer.rows.filter((row2) => isOfAi(classOf(row2.value, panel) ?? "")).reduce((sum2, row2) => sum2 + row2.views, 0);
  return ai ? `${answer.next ? "at least " : ""}${share(ai, answer.total)} by AI crawlers` : "";
}
function aboutUnknown({ rows }) {
  const isKnown = rows.some(({ value }) => value !== "(unknown)");
  return isKnown || !rows.length ? "" : "No country is known for these addresses; private ones, for example, have none.";
}
function aboutKept(answer) {
  return answer.of > answer.total ? `of ${number(answer.total)} of ${number(answer.of)} views, whose records are kept` : "";
}

// src/footfall/dashboard/assets/stack.js
var BOT_CLASS = { dimension: "bot_class", isFilter: false };
var MOST = 100;
var GAPS = 120;
var FEW = 15;
var KINDS = [
  { name: "people", title: "People", isOf: () => false },
  { name: "search", title: "Search engines", isOf: (kind) => kind === "search" },
  { name: "ai", title: "AI", isOf: isOfAi },
  { name: "bots", title: "Other bots", isOf: (kind) => kind !== "search" && !isOfAi(kind) }
];
function makeStack(dimensions2) {
  const hasChannels = dimensions2.some(({ dimension }) => dimension === "channel");
  const legend = make("ul", { class: "legend kinds" });
  const about = make("p", { class: "about" });
  const place = make("div", { class: "stack" });
  const table = make("div", { class: "body" });
  const details = make("details", { toggle: showTable }, make("summary", {}, "These numbers as a table"), table);
  const section = make(
    "section",
    { class: "panel full", id: "panel-kinds", "aria-labelledby": "title-kinds" },
    make("header", {}, make("h2", { id: "title-kinds" }, "AI and bots"), legend),
    about,
    place,
    details
  );
  let model = null;
  const when = (view2) => view2.page === null && !view2.filters.length && canAnswer(BOT_CLASS, view2);
  function ask(view2, signal) {
    const interval = intervalOfSeries(view2);
    return Promise.all([
      get("stats/history", { ...common(view2), interval }, signal),
      get("stats/bot_class", { ...common(view2), series: interval, limit: MOST }, signal),
      hasChannels ? get("stats/channel", { ...common(view2), limit: MOST }, signal) : null
    ]);
  }
  function wait() {
    section.setAttribute("aria-busy", "true");
  }
  function show3(answers2, view2) {
    section.removeAttribute("aria-busy");
    model = modelOf2(answers2, view2);
    legend.replaceChildren(...KINDS.map((kind, number2) => legendOf(kind, model.totals[number2], model.total)));
    about.textContent = aboutAi2(answers2);
    place.replaceChildren(...model.labels.length > 1 && model.total ? [stackOf(model)] : []);
    showTable();
  }
  function fail(error, retry) {
    section.removeAttribute("aria-busy");
    model = null;
    legend.replaceChildren();
    about.textContent = "";
    place.replaceChildren(make("p", { class: "failed" }, ...tryAgain(error, retry)));
    showTable();
  }
  function showTable() {
    details.hidden = !model;
    table.replaceChildren(...details.open && model ? [tableOf2(model)] : []);
  }
  return { section, when, ask, wait, show: show3, fail };
}
function modelOf2([history2, classes], view2) {
  const ends = loggedPart(history2, view2);
  const moments = history2.series.slice(...ends);
  const people = moments.map(({ views }) => views);
  const counts = KINDS.map(({ isOf }, number2) => number2 ? sumOf(classes.rows.filter((row2) => isOf(row2.value)), people.length, ends) : people);
  const totals = counts.map(sum);
  return { labels: moments.map(({ at }) => at), interval: intervalOfSeries(view2), counts, totals, total: sum(totals) };
}
function sumOf(rows, length, ends) {
  const series = rows.map((row2) => row2.series.slice(...ends));
  return Array.from({ length }, (_, number2) => sum(series.map((each) => each[number2])));
}
var sum = (numbers2) => numbers2.reduce((total, each) => total + each, 0);
function legendOf({ name, title }, count, total) {
  return make("li", { class: `of-${name}` }, `${title} `, make("b", {}, number(count)), ` ${roughShare(count, total)}`);
}
function aboutAi2([, classes, channels]) {
  const taken = sum(classes.rows.filter(({ value }) => isOfAi(value)).map(({ views }) => views));
  const given = channels?.rows.find(({ value }) => value === AI_CHANNEL)?.views ?? 0;
  if (!channels || !taken && !given) return "";
  const crawled = `AI crawlers took ${number(taken)} ${taken === 1 ? "page" : "pages"}`;
  if (!given) return `${crawled}; no reader came from an AI assistant.`;
  const sent = `${number(given)} ${given === 1 ? "view" : "views"} came from AI assistants`;
  return taken > given ? `${crawled}; ${sent}: one for every ${number(Math.round(taken / given))}.` : `${crawled}; ${sent}.`;
}
function stackOf(model) {
  const { labels: labels2, counts } = model;
  const most2 = ceiling(Math.max(...labels2.map((_, number2) => sum(counts.map((each) => each[number2])))));
  const bottoms = labels2.map(() => 0);
  const gap = labels2.length > GAPS ? 0 : Math.max(0.2, 1 - labels2.length / FEW);
  const paths = KINDS.map(({ name }, kind) => {
    const parts2 = counts[kind].map((count, number2) => {
      const top = bottoms[number2] += count;
      return count ? `M${number2 + gap / 2} ${most2 - top}h${1 - gap}v${count}h${gap - 1}z` : "";
    });
    return draw("path", { class: `of-${name}`, d: parts2.join("") });
  });
  const pointed = draw("rect", { class: "pointed", width: 1, height: most2, x: -1 });
  const chart = draw(
    "svg",
    { viewBox: `0 0 ${labels2.length} ${most2}`, preserveAspectRatio: "none", role: "img", "aria-label": "People, search engines, AI and other bots over time" },
    pointed,
    ...paths
  );
  const tip = make("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const frame = make("div", { class: "columns", pointermove: point, pointerdown: point, pointerleave: leave }, chart, tip);
  function point(event) {
    const { left, width } = chart.getBoundingClientRect();
    const number2 = Math.min(labels2.length - 1, Math.max(0, Math.floor((event.clientX - left) / width * labels2.length)));
    pointed.setAttribute("x", number2);
    tip.replaceChildren(...tipOf(model, number2));
    tip.hidden = false;
    const isRight = number2 * 2 >= labels2.length;
    const near = `calc(${100 * (isRight ? labels2.length - number2 : number2 + 1) / labels2.length}% + 0.6rem)`;
    tip.style.left = isRight ? "auto" : near;
    tip.style.right = isRight ? near : "auto";
  }
  function leave() {
    pointed.setAttribute("x", -1);
    tip.hidden = true;
  }
  const marks = [most2, most2 / 2].map((count) => make("span", {}, compact(count)));
  return make("div", { class: "plot" }, make("div", { class: "marks", "aria-hidden": "true" }, ...marks), frame, make("div", { class: "ticks", "aria-hidden": "true" }, ...ticksOf(model)));
}
function tipOf({ labels: labels2, interval, counts }, number2) {
  const lines = KINDS.map(({ name, title }, kind) => make("li", { class: `of-${name}` }, `${title} `, make("b", {}, number(counts[kind][number2]))));
  return [make("span", {}, label(labels2[number2], interval)), make("ul", { class: "kinds" }, ...lines)];
}
function ceiling(most2) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most2)));
  return Math.max(2, [1, 2, 4, 6, 8, 10].map((step) => step * power).find((each) => each >= most2));
}
function ticksOf({ labels: labels2, interval }) {
  const unit = interval === "month" ? "month" : "day";
  const count = Math.min(labels2.length, 4);
  const places = [...new Set(Array.from({ length: count }, (_, each) => Math.round(each * (labels2.length - 1) / Math.max(1, count - 1))))];
  return places.map((number2) => {
    const tick2 = make("span", {}, tick(labels2[number2], unit));
    tick2.style.left = `${100 * (number2 + 0.5) / labels2.length}%`;
    return tick2;
  });
}
function tableOf2({ labels: labels2, interval, counts }) {
  const head = ["", ...KINDS.map(({ title }) => title)].map((title) => make("th", { scope: "col" }, title || interval[0].toUpperCase() + interval.slice(1)));
  const rows = labels2.map(
    (at, number2) => make("tr", {}, make("th", { scope: "row" }, label(at, interval)), ...counts.map((each) => make("td", {}, number(each[number2]))))
  );
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "AI and bots, as a table" },
    make("table", { "aria-labelledby": "title-kinds" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))
  );
}

// src/footfall/dashboard/assets/state.js
var THEMES = ["light", "dark"];
function read(search) {
  const asked3 = new URLSearchParams(search);
  const [start, end] = [asked3.get("start"), asked3.get("end")];
  const isCustom = isDay(start) && isDay(end) && start <= end;
  return {
    site: asked3.get("site"),
    period: isCustom ? null : asked3.get("period") ?? DEFAULT,
    start: isCustom ? start : null,
    end: isCustom ? end : null,
    by: INTERVALS.includes(asked3.get("by")) ? asked3.get("by") : null,
    measure: asked3.get("measure") ?? USUAL2,
    compare: asked3.get("compare") !== "no",
    prefix: asked3.get("page") === null ? asked3.get("prefix") || sharedPrefix() : "",
    page: asked3.get("page"),
    filters: asked3.getAll("filter").filter((each) => /^[a-z_]+=./s.test(each)),
    theme: THEMES.find((name) => name === asked3.get("theme")) ?? null,
    tabs: asked3.getAll("tab").filter((each) => /^[a-z_]+$/.test(each))
  };
}
function write(state2) {
  const said = new URLSearchParams();
  if (state2.site) said.set("site", state2.site);
  if (state2.period && state2.period !== DEFAULT) said.set("period", state2.period);
  if (!state2.period && state2.start) said.set("start", state2.start);
  if (!state2.period && state2.end) said.set("end", state2.end);
  if (state2.by) said.set("by", state2.by);
  if (state2.measure !== USUAL2) said.set("measure", state2.measure);
  if (!state2.compare) said.set("compare", "no");
  if (state2.prefix && state2.prefix !== sharedPrefix()) said.set("prefix", state2.prefix);
  if (state2.page !== null) said.set("page", state2.page);
  for (const filter of state2.filters) said.append("filter", filter);
  if (state2.theme) said.set("theme", state2.theme);
  for (const tab of state2.tabs) said.append("tab", tab);
  return `?${said}`;
}
var addressOf3 = (state2) => write(state2) + fragment();
function changed(state2, changes2) {
  const isPeriod = "period" in changes2 || "start" in changes2;
  return { ...state2, ...isPeriod ? { period: null, start: null, end: null, by: null } : {}, ...changes2 };
}

// src/footfall/dashboard/assets/styles.js
function setTheme(theme) {
  if (theme) document.documentElement.classList.add(theme);
}
function loadStyleSheets() {
  for (const link2 of document.querySelectorAll("link[rel=stylesheet]")) {
    if (!link2.sheet?.cssRules.length) loadLater(link2, 0);
  }
}
function loadLater(link2, tries2) {
  const other = link2.cloneNode();
  other.href = `${link2.href.split("?")[0]}?again=${tries2 + 1}`;
  other.addEventListener("error", () => loadLater(other, tries2 + 1));
  setTimeout(() => link2.replaceWith(other), pauseAfter(tries2));
}

// src/footfall/dashboard/assets/tabs.js
function makeGroup({ panel, title, tabs }, on2) {
  const ids = tabs.map(([id]) => id);
  const heading = make("h2", { id: `title-${panel}` }, title);
  const buttons = tabs.map(([id, row2]) => buttonOf(id, row2, () => on2.open(group, id)));
  const list = make("div", { class: "tabs", role: "tablist", "aria-labelledby": heading.id, keydown: move }, ...buttons);
  let open = null;
  const parts2 = tabs.map(([id, row2]) => ({ ...makePanel(id, row2, on2), when: () => id === open }));
  const section = make(
    "section",
    { class: `panel group ${panel}`, id: `group-${panel}`, "aria-labelledby": heading.id },
    make("header", {}, heading, list),
    ...parts2.map((part) => part.section)
  );
  const group = { section, ids, parts: parts2, choose: choose2 };
  function choose2(view2) {
    const there = ids.filter((_, number2) => tabs[number2][1].when(view2));
    open = there.find((id) => view2.tabs.includes(id)) ?? there[0] ?? null;
    section.hidden = open === null;
    list.hidden = there.length < 2;
    heading.textContent = there.length === 1 ? Object.fromEntries(tabs)[open].title : title;
    for (const [number2, button] of buttons.entries()) {
      const isOpen = ids[number2] === open;
      button.hidden = !there.includes(ids[number2]);
      button.setAttribute("aria-selected", isOpen);
      button.tabIndex = isOpen ? 0 : -1;
      nameAs(parts2[number2].section, list.hidden ? null : button);
    }
  }
  function move(event) {
    const there = buttons.filter((button) => !button.hidden);
    const here = there.indexOf(event.target);
    const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: there.length - 1 };
    if (here < 0 || !(event.key in moves)) return;
    event.preventDefault();
    there.at(moves[event.key] % there.length).focus();
  }
  return group;
}
function buttonOf(id, { tab, title }, click) {
  return make("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, title: tab ? title : null, click }, tab ?? title);
}
function nameAs(place, tab) {
  if (tab) {
    place.setAttribute("role", "tabpanel");
    place.setAttribute("aria-labelledby", tab.id);
  } else {
    place.removeAttribute("role");
    place.removeAttribute("aria-labelledby");
  }
}

// src/footfall/dashboard/assets/token.js
var WHY = "These numbers are not public. Whoever runs footfall here can give you a token.";
var REFUSED = "That token was not accepted. Whoever runs footfall here can give you one.";
function askForToken2(wasRefused) {
  const dialog = byId("token-dialog");
  const why = byId("token-why");
  why.textContent = wasRefused ? REFUSED : WHY;
  why.classList.toggle("failed", wasRefused);
  byId("token").value = "";
  dialog.returnValue = "";
  byId("token-cancel").onclick = () => dialog.close("");
  byId("token-form").onsubmit = (event) => {
    event.preventDefault();
    dialog.close("use");
  };
  dialog.showModal();
  return new Promise((resolve) => {
    const read2 = () => {
      const token = byId("token").value.replace(/[^\x21-\x7e]/g, "");
      byId("token").value = "";
      const isForDevice = byId("token-keep").checked;
      resolve(dialog.returnValue === "use" && token ? { token, isForDevice } : null);
    };
    dialog.addEventListener("close", read2, { once: true });
  });
}

// src/footfall/dashboard/assets/watch.js
var SOON2 = 6e4;
var SELDOM = 96e4;
function watch(refresh, isFree) {
  let known;
  let pause2 = SOON2;
  let timer2 = 0;
  async function look() {
    clearTimeout(timer2);
    if (document.hidden) return;
    const reach2 = isFree() ? await askForReach() : null;
    const isNew = reach2 !== null && reach2 !== known;
    pause2 = isNew ? SOON2 : Math.min(SELDOM, pause2 * 2);
    wait();
    if (isNew) {
      known = reach2;
      refresh();
    }
  }
  function wait() {
    clearTimeout(timer2);
    timer2 = setTimeout(look, pause2 * (0.75 + Math.random() / 2));
  }
  document.addEventListener("visibilitychange", () => {
    if (known === void 0) return;
    pause2 = SOON2;
    look();
  });
  return {
    /** How far the counts shown reach. */
    knows(reach2) {
      known = reach2;
      if (!timer2) wait();
    }
  };
}

// src/footfall/dashboard/assets/main.js
takeToken();
var state = read(location.search);
var running = new AbortController();
var readAt = Date.now();
var on = { go, href: (changes2) => addressOf3(changed(state, changes2)), opened, open: openTab };
var showHead = makeHead(on);
var cards = makeCards(byId("cards"), on);
var graph = makeHistory(on);
var errors = /* @__PURE__ */ new Map();
var watched = watch(lookAgain, () => !byId("panels").contains(document.activeElement));
var parts = [cards, graph, makeFreshness(byId("freshness"), byId("unreadable"), watched.knows)];
var groups = [];
var whole = isEmbedded ? embed() : null;
var dimensions = null;
var view = null;
function build() {
  byId("unloaded").remove();
  setTheme(state.theme);
  loadStyleSheets();
  byId("panels").prepend(graph.section);
  for (const part of parts) part.wait();
  addEventListener("popstate", () => {
    state = read(location.search);
    render();
  });
  addEventListener("hashchange", () => {
    if (!takeToken()) return;
    state = read(location.search);
    lookAgain();
  });
  addEventListener("offline", () => notify(`You are offline. These numbers are from ${clock(readAt)}.`));
  addEventListener("online", () => render());
  document.addEventListener("click", (event) => {
    const link2 = event.target.closest?.("a[data-go]");
    if (!link2 || !isPlain(event)) return;
    event.preventDefault();
    if (link2.href) goTo(read(new URL(link2.href).search));
  });
  byId("forget").addEventListener("click", () => {
    forgetToken();
    lookAgain();
  });
  if (isEmbedded) return;
  onTokenNeeded(askForToken2);
  listenToKeys(on);
}
async function getSites(signal) {
  const asked3 = [get("sites", {}, signal), dimensions ?? get("dimensions", {}, signal)];
  const [sites, found] = await Promise.all(asked3);
  if (dimensions === null) addPanels(found);
  dimensions = found;
  return sites;
}
function addPanels(found) {
  for (const each of groupsOf(found).filter(({ panel }) => isShown(panel))) {
    const group = makeGroup(each, on);
    if (each.panel === "bots") {
      const stack = makeStack(found.dimensions);
      byId("of-site").before(stack.section);
      parts.push(stack);
    }
    byId("of-site").before(group.section);
    groups.push(group);
    parts.push(...group.parts);
  }
}
function opened(id) {
  const ids = groups.find((group) => group.ids.includes(id))?.ids ?? [];
  return [...state.tabs.filter((each) => !ids.includes(each)), ...ids.indexOf(id) > 0 ? [id] : []];
}
async function openTab(group, id) {
  state = { ...state, tabs: opened(id) };
  history.replaceState(null, "", addressOf3(state));
  for (const link2 of document.querySelectorAll("a[data-go][href]")) link2.href = addressOf3({ ...read(new URL(link2.href).search), tabs: state.tabs });
  view = { ...view, tabs: state.tabs };
  group.choose(view);
  const { signal } = running;
  await Promise.all(group.parts.map((part) => showPart(part, view, signal)));
  if (!signal.aborted) tell();
}
function go(changes2, { replaces = false } = {}) {
  goTo(read(write(changed(state, changes2))), replaces);
}
function goTo(wanted, replaces = false) {
  const isOther = ["page", "prefix", "filters"].some((name) => `${wanted[name]}` !== `${state[name]}`);
  state = wanted;
  history[replaces || isEmbedded ? "replaceState" : "pushState"](null, "", addressOf3(state));
  render({ movesFocus: isOther && document.activeElement?.id !== "search" });
}
function render(how) {
  beginAnew();
  return show2(how);
}
async function show2({ movesFocus = false } = {}) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  errors.clear();
  startWaiting();
  try {
    const known = await getSites(signal);
    byId("numbers").hidden = !known.sites.length;
    if (!known.sites.length) return welcome(lookAgain);
    view = viewOf(state, known, dimensions);
    showHead(view, known.sites);
    if (whole) whole.href = `./${write({ ...state, theme: null })}${fragment()}`;
    showWhatIsOfTheSite(view);
    if (movesFocus) (byId("filter").querySelector("h2") ?? byId("chips").querySelector("a") ?? byId("main")).focus();
    await Promise.all(parts.map((part) => showPart(part, view, signal)));
    if (!signal.aborted) tell();
  } catch (error) {
    if (!signal.aborted) tellThatNothingIsThere(error);
  } finally {
    if (!signal.aborted) stopWaiting();
    byId("forget").hidden = !hasToken();
  }
}
function lookAgain() {
  forgetAnswers();
  render();
}
function showWhatIsOfTheSite(view2) {
  const isWhole = view2.page === null && view2.prefix === "" && !view2.filters.length;
  for (const group of groups) group.choose(view2);
  byId("of-site").hidden = isWhole;
  byId("of-site").textContent = isWhole ? "" : whyNot(view2);
}
async function showPart(part, view2, signal) {
  const isAsked = part.when?.(view2) ?? true;
  if (part.section) part.section.hidden = !isAsked;
  if (!isAsked) {
    errors.delete(part);
    part.close?.();
    return;
  }
  part.wait();
  try {
    const answer = await part.ask(view2, signal);
    if (signal.aborted || part.section?.hidden) return;
    part.show(answer, view2);
    errors.delete(part);
    if (part === cards) say(`${days(view2.start, view2.end)}: ${number(answer.total)} ${answer.query.measure}`);
  } catch (error) {
    if (signal.aborted || part.section?.hidden) return;
    if (!error.isQuiet) errors.set(part, error);
    part.fail(error, () => showPart(part, view2, signal).then(() => signal.aborted || tell()));
  }
}
function tell() {
  const found = [...errors.values()];
  const error = [401, 0].map((status) => found.find((each) => each.status === status)).find(Boolean);
  if (!found.length) {
    readAt = Date.now();
    beginAnew();
    hideNotice();
  } else if (error?.status === 401) {
    wantToken();
  } else if (error) {
    notify(`${sentence(error)} Retrying automatically.`, { button: "Try now", act: () => render() });
  } else {
    hideNotice();
  }
}
function tellThatNothingIsThere(error) {
  byId("numbers").hidden = true;
  if (error.status === 401) {
    wantToken();
    return;
  }
  if (error.isTemporary) askAgain(() => show2(), error);
  const again = error.isTemporary ? " Retrying automatically." : "";
  const said = error.status === 0 ? sentence(error) : `The numbers cannot be read: ${error.message}.`;
  notify(said + again, { button: error.status === 0 ? "Try now" : "Try again", act: () => render() });
}
function wantToken() {
  if (isEmbedded) notify("These numbers are not public.");
  else notify("These numbers want a token.", { button: "Enter the token", act: () => render() });
}
var sentence = ({ message }) => `${message[0].toUpperCase()}${message.slice(1)}.`;
var isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
build();
render();
